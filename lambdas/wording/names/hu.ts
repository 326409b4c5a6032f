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
    service_recovery: {
      name: 'Hiba helyrehozása',
      hint: 'Az elmúlt két hétben visszatérítést kértek vagy rossz jegyet adtak: kérdezze meg, mi volt a baj, és tegye jóvá.',
    },
    win_back_high: {
      name: 'Visszahívás: a legnagyobb tét',
      hint: 'Saját ritmusukhoz képest késnek, és itt a legnagyobb a tét: szólítsa meg őket egyenként, még ezen a héten.',
    },
    win_back_medium: {
      name: 'Visszahívás: megér egy ajánlatot',
      hint: 'Saját ritmusukhoz képest késnek: küldjön rövid ideig érvényes ajánlatot.',
    },
    win_back_low: {
      name: 'Visszahívás: finom emlékeztető',
      hint: 'Saját ritmusukhoz képest késnek, kicsi a tét: küldjön emlékeztetőt, kedvezmény nélkül.',
    },
    second_order: { name: 'Második rendelés', hint: 'Egyszer vásároltak: adjon okot a második alkalomra.' },
    lapsed_coupon: {
      name: 'Rég nem láttuk',
      hint: 'Hosszú ideje nem vásároltak: egyetlen kupon, aztán hagyja őket békén.',
    },
    birthday: { name: 'Születésnap', hint: 'Egy héten belül van a születésnapjuk: köszöntse fel őket.' },
    first_purchase_anniversary: {
      name: 'Az első rendelés évfordulója',
      hint: 'Ezen a héten egy vagy több éve vásároltak először: köszönje meg nekik.',
    },
    welcome: { name: 'Üdvözlés', hint: 'Ezen a héten vásároltak először: mutassa be a boltot.' },
    post_purchase: {
      name: 'Vásárlás után',
      hint: 'Néhány napja vásároltak: kérdezze meg, minden rendben van-e, és adjon egy tippet.',
    },
    tenth_order: {
      name: 'Minden tizedik rendelés',
      hint: 'Most adták le a tizedik, huszadik, … rendelésüket: egy termék ajándék.',
    },
    tier_platinum: {
      name: 'Platina',
      hint: 'Az idei költés legfelső huszadába kerültek: köszöntse őket a platina szinten.',
    },
    tier_gold: { name: 'Arany', hint: 'Az idei költés következő tizedébe kerültek: köszöntse őket az arany szinten.' },
    tier_silver: { name: 'Ezüst', hint: 'Az idei költés felső részébe kerültek: köszöntse őket az ezüst szinten.' },
    vip: {
      name: 'Legértékesebb vásárlók',
      hint: 'Eddig ők költötték a legtöbbet, és most is vásárolnak: ők kapjanak elsőként hozzáférést.',
    },
    frequent_buyer: {
      name: 'Jutalom gyakori vásárlóknak',
      hint: 'Fél év alatt négyszer vagy többször vásároltak: jutalmazza őket.',
    },
  },
  offers: {
    apology: 'Bocsánatkérés és jóváírás a következő rendelésre',
    personal_call: 'Személyes hívás vagy levél',
    coupon_15: 'Kupon, 15% kedvezmény',
    reminder: 'Emlékeztető kedvezmény nélkül',
    free_shipping: 'Ingyenes szállítás',
    birthday_gift: 'Apró ajándék vagy születésnapi kupon',
    anniversary_coupon: 'Évfordulós kupon',
    welcome_coupon: 'Üdvözlő kupon a második rendelésre',
    thanks_and_tips: 'Köszönet, tippek és rövid kérdőív',
    free_item: 'Egy termék ajándékba',
    platinum_benefits: 'Korai hozzáférés, ingyenes szállítás, saját kapcsolattartó',
    gold_benefits: 'Korai hozzáférés és ingyenes szállítás',
    silver_benefits: 'Korai hozzáférés az ajánlatokhoz',
    early_access: 'Korai hozzáférés és meghívó',
    reward_coupon: 'Jutalomkupon',
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
