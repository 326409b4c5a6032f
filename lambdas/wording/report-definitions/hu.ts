import type { ReportLabels } from '../report-labels.ts';

export const definitions: ReportLabels['definitions'] = {
  context: 'Háttérként: szakcikkek állításai. Nem ennek a boltnak az adatai, és egyiket sem a winback mérte.',
  contextColumns: { figure: 'Szám', claim: 'Állítás', source: 'Forrás' },
  terms: [
    ['Vásárlás', 'pozitív nettó összegű rendelés, amely nem törölt, sikertelen, függő vagy próba'],
    ['Megtartott', 'az időszak elején és végén is aktív vevők ÷ az elején aktívak (B)'],
    ['Tankönyvi CRR', '(E − N) ÷ B: a visszatért vevőket is megtartottnak számítja, és túllépheti a 100%-ot'],
    ['Visszatért', 'az időszak végén aktív, az elején nem, és nem új'],
    ['Kockáztatott érték', 'kockázat × a vevőtől a horizonton várt nettó költés, ha vásárol'],
    ['R, F, M', 'a frissesség, gyakoriság és költés rangja ötödökben; V az F és M felfelé kerekített átlaga'],
  ],
  metrics: 'A bolt számai',
  metricColumns: { metric: 'Mutató', value: 'Érték', definition: 'Meghatározás', window: 'Időablak' },
  run: (run, model) => `Futás: ${run}, modell: ${model}.`,
};
