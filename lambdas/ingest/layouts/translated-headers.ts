import type { Layout } from './layout.ts';

const german: Layout['fields'] = {
  order_id: ['Bestellnummer', 'Bestellnr', 'Bestell-ID', 'Auftragsnummer', 'Auftragsnr', 'Rechnungsnummer'],
  customer_id: ['Kundennummer', 'Kundennr', 'Kunden-ID'],
  phone: ['Telefon', 'Telefonnummer', 'Mobilnummer'],
  order_ts: ['Bestelldatum', 'Bestellzeitpunkt', 'Auftragsdatum', 'Kaufdatum', 'Rechnungsdatum', 'Datum'],
  total: ['Gesamtbetrag', 'Gesamtsumme', 'Bestellwert', 'Auftragswert', 'Rechnungsbetrag', 'Betrag', 'Summe'],
  currency: ['Währung'],
  status: ['Bestellstatus', 'Auftragsstatus', 'Zahlungsstatus', 'Zustand'],
  refunded: ['Erstattet', 'Erstatteter Betrag', 'Erstattung', 'Rückerstattung'],
  refunded_at: ['Erstattet am', 'Erstattungsdatum'],
  cancelled_at: ['Storniert am', 'Stornodatum'],
  discount: ['Rabatt', 'Rabattbetrag'],
  sku: ['Artikelnummer', 'Artikelnr'],
  product: ['Artikel', 'Artikelname', 'Artikelbezeichnung', 'Produkt', 'Produktname'],
  quantity: ['Menge', 'Anzahl', 'Stückzahl'],
  unit_price: ['Einzelpreis', 'Stückpreis'],
};

const hungarian: Layout['fields'] = {
  order_id: ['Rendelésszám', 'Rendelés száma', 'Rendelési szám', 'Rendelés azonosító', 'Megrendelésszám'],
  customer_id: ['Vevőkód', 'Vevőazonosító', 'Vevő azonosító', 'Ügyfélszám', 'Ügyfélkód', 'Ügyfélazonosító'],
  phone: ['Telefonszám'],
  order_ts: ['Rendelés dátuma', 'Rendelés ideje', 'Megrendelés dátuma', 'Vásárlás dátuma', 'Dátum'],
  total: ['Végösszeg', 'Rendelés összege', 'Rendelés értéke', 'Bruttó összeg', 'Fizetendő', 'Összeg'],
  currency: ['Pénznem', 'Deviza'],
  status: ['Rendelés állapota', 'Rendelés státusza', 'Állapot', 'Státusz'],
  refunded: ['Visszatérített összeg', 'Visszatérítés'],
  refunded_at: ['Visszatérítés dátuma'],
  cancelled_at: ['Lemondás dátuma', 'Törlés dátuma'],
  discount: ['Kedvezmény'],
  sku: ['Cikkszám'],
  product: ['Termék', 'Terméknév', 'Termék neve', 'Megnevezés'],
  quantity: ['Mennyiség', 'Darab', 'Darabszám'],
  unit_price: ['Egységár'],
};

const french: Layout['fields'] = {
  order_id: [
    'Numéro de commande',
    'N° de commande',
    'N° commande',
    'Référence commande',
    'Numéro de facture',
    'Commande',
  ],
  customer_id: ['Numéro client', 'Numéro de client', 'N° client', 'Code client', 'Référence client'],
  phone: ['Téléphone'],
  order_ts: ['Date de commande', 'Date de la commande', "Date d'achat", 'Date de facture'],
  total: ['Montant total', 'Montant TTC', 'Total TTC', 'Total de la commande', 'Montant de la commande', 'Montant'],
  currency: ['Devise'],
  status: ['Statut de la commande', 'Statut', 'État'],
  refunded: ['Montant remboursé', 'Remboursement', 'Remboursé'],
  refunded_at: ['Date de remboursement'],
  cancelled_at: ["Date d'annulation"],
  discount: ['Remise', 'Réduction'],
  sku: ['Référence article', 'Référence produit'],
  product: ['Article', 'Produit', 'Désignation'],
  quantity: ['Quantité'],
  unit_price: ['Prix unitaire'],
};

/** Headers of an order list in the languages that it is read in, each in the order of preference. */
const translated = [german, hungarian, french];

/** Fields with their English headers, followed by those in other languages. */
export const withTranslations = (english: Layout['fields']): Layout['fields'] =>
  Object.fromEntries(
    Object.entries(english).map(([field, headers]) => [
      field,
      [...headers, ...translated.flatMap((fields) => fields[field as keyof typeof fields] ?? [])],
    ]),
  );
