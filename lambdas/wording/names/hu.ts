import type { Names } from '../names.ts';

export const names: Names = {
  segments: {
    champions: 'Bajnokok',
    loyal: 'Hűséges',
    potential_loyalist: 'Hűségessé válhat',
    new: 'Új',
    promising: 'Ígéretes',
    needs_attention: 'Figyelmet kér',
    about_to_sleep: 'Elszunnyadóban',
    at_risk: 'Veszélyben',
    cant_lose_them: 'Őt ne veszítsük el',
    hibernating: 'Alvó',
    lost: 'Elveszett',
  },
  campaigns: {
    win_back_high: { name: 'Visszahívás: a legnagyobb tét', hint: 'Szólítsa meg őket egyenként, még ezen a héten.' },
    win_back_medium: { name: 'Visszahívás: megér egy ajánlatot', hint: 'Küldjön rövid ideig érvényes ajánlatot.' },
    win_back_low: { name: 'Visszahívás: finom emlékeztető', hint: 'Küldjön emlékeztetőt, kedvezmény nélkül.' },
    second_order: { name: 'Második rendelés', hint: 'Egyszer vásároltak: adjon okot a második alkalomra.' },
  },
  offers: {
    personal_call: 'Személyes hívás vagy levél',
    coupon_15: 'Kupon, 15% kedvezmény',
    free_shipping: 'Ingyenes szállítás',
    reminder: 'Emlékeztető kedvezmény nélkül',
  },
  bands: { high: 'Magas', medium: 'Közepes', low: 'Alacsony' },
  methods: {
    blend: 'Véletlen erdő és logisztikus regresszió',
    blend_calibrated: 'Véletlen erdő és logisztikus regresszió, évszakkal',
    forest: 'Véletlen erdő',
    logistic: 'Logisztikus regresszió',
    bgnbd: 'BG/NBD-modell',
    recency: 'Csak az utolsó vásárlás ideje',
    rfm: 'RFM-pontszám',
    rules: 'Szabályok',
    base_rate: 'Mindenkinek azonos kockázat',
    forest_ml_random_forest: 'Az ml-random-forest véletlen erdeje',
    forest_winback: 'A winback véletlen erdeje',
  },
};
