"""Invented names in six languages and scripts, and words that neutral descriptions are made of. No real place is meant."""

LANGUAGES = [("en", "Latn"), ("hy", "Armn"), ("ru", "Cyrl"), ("az", "Latn"), ("ar", "Arab"), ("ka", "Geor")]

#: One sound a column, spelt in each of the languages above.
CONSONANTS = [
    sound.split()
    for sound in """
    b բ б b ب ბ
    d դ д d د დ
    g գ г q ج გ
    k կ к k ك კ
    l լ л l ل ლ
    m մ м m م მ
    n ն н n ن ნ
    p պ п p ب პ
    r ր р r ر რ
    s ս с s س ს
    t տ т t ت ტ
    v վ в v ف ვ
    z զ з z ز ზ
    h հ х h ه ჰ
    y յ й y ي ი
    sh շ ш ş ش შ
    ch չ ч ç تش ჩ
    kh խ х x خ ხ
    gh ղ г ğ غ ღ
    """.strip().splitlines()
]
VOWELS = [sound.split() for sound in ["a ա а a ا ა", "e ե е e ي ე", "i ի и i ي ი", "o ո о o و ო", "u ու у u و უ"]]
ENDINGS = [
    sound.split()
    for sound in [
        "vorem վորեմ ворем vorem فوريم ვორემ",
        "lanor լանոր ланор lanor لانور ლანორ",
        "timer տիմեր тимер timer تيمير ტიმერ",
        "dudal դուդալ дудал dudal دودال დუდალ",
        "netun նետուն нетун netun نيتون ნეტუნ",
        "risal րիսալ рисал risal ريسال რისალ",
        "zovel զովել зовел zovel زوفيل ზოველ",
        "mavur մավուր мавур mavur مافور მავურ",
    ]
]
SYLLABLES = [
    ["".join(pair) for pair in zip(consonant, vowel, strict=True)] for consonant in CONSONANTS for vowel in VOWELS
]

#: code, kind, relative frequency, and the word in each language.
TYPES = [
    ("church", "monument", 160, "church", "եկեղեցի", "церковь", "kilsə", "كنيسة", "ეკლესია"),
    ("mosque", "monument", 160, "mosque", "մզկիթ", "мечеть", "məscid", "مسجد", "მეჩეთი"),
    ("cemetery", "cemetery", 130, "cemetery", "գերեզմանատուն", "кладбище", "qəbiristanlıq", "مقبرة", "სასაფლაო"),
    ("chapel", "monument", 90, "chapel", "մատուռ", "часовня", "ibadətgah", "مصلى", "სამლოცველო"),
    ("bridge", "monument", 60, "bridge", "կամուրջ", "мост", "körpü", "جسر", "ხიდი"),
    ("archaeological_site", "site", 55, "ancient site", "հնավայր", "городище", "qədim məskən", "موقع أثري", "ნაქალაქარი"),
    ("settlement", "site", 50, "old settlement", "բնակատեղի", "селище", "yaşayış yeri", "مستوطنة", "ნასოფლარი"),
    ("fortress", "monument", 45, "fortress", "բերդ", "крепость", "qala", "قلعة", "ციხე"),
    ("mausoleum", "monument", 40, "mausoleum", "դամբարան", "мавзолей", "türbə", "ضريح", "მავზოლეუმი"),
    ("gravestone", "monument", 38, "gravestone", "տապանաքար", "надгробие", "baş daşı", "شاهد قبر", "საფლავის ქვა"),
    ("shrine", "monument", 35, "shrine", "սրբավայր", "святилище", "ziyarətgah", "مزار", "სალოცავი"),
    ("burial_mound", "site", 30, "burial mound", "դամբարանաբլուր", "курган", "kurqan", "تل جنائزي", "ყორღანი"),
    ("monastery", "monument", 28, "monastery", "վանք", "монастырь", "monastır", "دير", "მონასტერი"),
    ("memorial", "monument", 24, "memorial", "հուշարձան", "памятник", "abidə", "نصب تذكاري", "მემორიალი"),
    ("khachkar", "monument", 20, "carved stone", "խաչքար", "резной камень", "oyma daş", "حجر منقوش", "ნაკვეთი ქვა"),
    ("caravanserai", "monument", 14, "caravanserai", "իջևանատուն", "караван-сарай", "karvansara", "خان", "ქარვასლა"),
    ("cave_site", "site", 12, "cave", "քարանձավ", "пещера", "mağara", "كهف", "მღვიმე"),
    ("palace", "monument", 10, "palace", "պալատ", "дворец", "saray", "قصر", "სასახლე"),
    ("historic_quarter", "site", 8, "old quarter", "հին թաղ", "старый квартал", "köhnə məhəllə", "حي قديم", "ძველი უბანი"),
    ("museum", "collection", 7, "museum", "թանգարան", "музей", "muzey", "متحف", "მუზეუმი"),
    ("collection", "collection", 6, "collection", "հավաքածու", "собрание", "kolleksiya", "مجموعة", "კოლექცია"),
    ("cathedral", "monument", 4, "cathedral", "մայր տաճար", "собор", "baş kilsə", "كاتدرائية", "საკათედრო ტაძარი"),
    ("friday_mosque", "monument", 4, "friday mosque", "ուրբաթօրյա մզկիթ", "соборная мечеть", "cümə məscidi", "جامع", "ჯუმა მეჩეთი"),
    ("synagogue", "monument", 3, "synagogue", "սինագոգ", "синагога", "sinaqoq", "كنيس", "სინაგოგა"),
    ("temple", "monument", 3, "temple", "տաճար", "храм", "məbəd", "معبد", "ტაძარი"),
]  # fmt: skip

#: Which languages a thing has names in (places in ``LANGUAGES``), and how often of a hundred.
NAMED_IN = [
    ((0,), 12), ((1,), 11), ((3,), 11), ((2,), 3), ((0, 1), 9), ((0, 3), 9), ((1, 3), 10), ((2, 0), 5),
    ((0, 4), 3), ((0, 5), 3), ((0, 1, 3), 10), ((1, 2, 3), 6), ((0, 2, 3), 4), ((0, 3, 4), 2), ((0, 1, 5), 2),
]  # fmt: skip

MATERIALS = ["dressed stone", "pale tuff", "river stone and mortar", "fired brick", "basalt blocks", "rough limestone"]
FORMS = [
    "a rectangular plan with a single room", "a square plan below a low dome", "two aisles and a gallery on the south side",
    "an open court with a wall on three sides", "a terrace above the stream with steps to it", "a long hall on six piers",
]  # fmt: skip
FEATURES = [
    "a carved frame around the entrance", "a cistern beside the north wall", "three inscribed blocks of different age",
    "painted plaster in the upper part", "a row of standing stones to the east", "a paved way that leads to the spring",
]  # fmt: skip
SIGHTS = {
    "intact": ["the walls and the roof stood complete", "no loss of fabric was seen, wear apart"],
    "minor_damage": ["some roof slabs and part of the cornice were missing", "cracks ran through one corner"],
    "major_damage": ["the roof had fallen in and one wall was lost", "about half of the fabric was gone"],
    "ruined": ["it stood as a long-standing ruin, walls to two metres", "only the lower courses had survived for long"],
    "not_assessable": ["tree cover hid the ground in the images used", "the place could not be reached that season"],
    "destroyed": ["the structure that earlier images show was no longer there", "only levelled ground was seen"],
    "damaged": ["damage was reported without its extent", "stones were reported lying about"],
    "under_works": ["scaffolding stood on all sides", "a roof over the works hid the walls"],
}
NOTES = [
    "the path was kept clear by visitors", "the plot was fenced on two sides", "photographs were taken from four sides",
    "the plan of the earlier survey was found to agree", "no inscription could be read from where they stood",
    "the position was taken at the entrance", "the ground around it was under grass",
]  # fmt: skip


def spelt_root(draw):
    """Return an invented name in each of ``LANGUAGES``; ``draw`` returns numbers from 0 to below 1."""
    parts = [SYLLABLES[int(draw() * len(SYLLABLES))]]
    if draw() < 0.6:
        parts.append(SYLLABLES[int(draw() * len(SYLLABLES))])
    parts.append(ENDINGS[int(draw() * len(ENDINGS))])
    return ["".join(spelling).capitalize() for spelling in zip(*parts, strict=True)]


def spread_out(weighted):
    """Return ``weighted`` [(thing, weight)] as a list in which each thing comes as often as it weighs."""
    return [thing for thing, weight in weighted for _ in range(weight)]
