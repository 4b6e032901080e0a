"""What suppliers call their columns, in several languages: patterns by the role that such a column may have."""

import re

#: Words of headers by role, in several languages; the first role that fits wins, whole words before parts of words.
HEADERS = [
    ("number", r"wikidata.*|.*[_ ]wikidata|geonames([_ ]?id)?|osm[_ ]?id|pleiades.*|viaf.*|inspire[_ ]?id|unesco[_ ]?(id|no|number|nr)|whc[_ ]?id|(old|former|previous)[_ ](number|no|id|code)|ancien numéro|alte nummer|старый номер"),
    ("latitude", r"lat|latitude|latitud|breite|breitengrad|широта|coordinaten|y_coord|ycoord|enlem|breedte|breedtegraad|latitudine|szerokość|enlik|լայնություն|خط العرض|عرض جغرافیایی"),
    ("longitude", r"lon|lng|long|longitude|longitud|länge|längengrad|довгота|долгота|coordinatee|x_coord|xcoord|boylam|lengte|lengtegraad|longitudine|długość|uzunluq|երկայնություն|خط الطول|طول جغرافیایی"),
    ("position", r"coord|coords|coordinates|coordonnées|koordinaten|geom|geometry|wkt|point|координати|координаты|position"),
    ("footprint", r"polygon|footprint|outline|geometrie|perimeter|périmètre|emprise|umriss"),
    ("identifier", r"id|ref|identifier|code|number|nummer|nr|no|num|objektnr|objektnummer|inventory|uid|номер|реєстраційний номер|bien_id|key|nº|n°|codice|código|numer|sıra no|nömrə|համար|الرقم|رقم|شماره|מספר"),
    ("former_name", r"former name|ancien nom|früherer name|old name"),
    ("name", r"name|title|nom|nom_bien|titre|bezeichnung|objekt|denomination|denominación|nombre|назва|название|ad|label|attribution|naam|benaming|nome|nazwa|adı|անուն|անվանում|სახელი|الاسم|اسم|نام|שם"),
    ("other_name", r"other name|alternative name|autre nom|alias|латиницею|transliteration"),
    ("condition_date", r"condition date|recordeddate|assessment date|date assessed|assessment activity date|survey date|date de visite"),
    ("condition", r"condition|state|état|zustand|estado|стан|состояние|overall condition state type|toestand|stato|estado de conserva.*|durum|vəziyyət|վիճակ|الحالة|حالة|وضعیت"),
    ("protection_date", r"date of listing|listing date|protection date|date_attribution.*|designation from date|date de protection|datum der unterschutzstellung"),
    ("protection", r"status|legal status|statut|statut_juridique|protection|schutz|designation|listed|статус"),
    ("built_until", r"a|to|until|built to|bis|end"),
    ("built", r"de|from|built|construction|date|year|datebuilt|baujahr|datierung|époque|année|рік|год|bouwjaar|anno|ano|año|rok|yıl|տարեթիվ|تاريخ البناء|سال ساخت"),
    ("type", r"type|category|catégorie|categorie|kind|art|gattung|objekttyp|sous_usage|fonction|function|вид|тип|heritage place type|soort|tipo|typ|tür|növ|տեսակ|categoria|categoría|النوع|نوع"),
    ("wording", r"address|adresse|anschrift|municipality|municipalite|municipalité|commune|gemeinde|ort|town|city|region|region_admin|district|район|oblast|область|country|place|location|dirección|adres|gemeente|plaats|indirizzo|comune|endereço|município|municipio|gmina|miejscowość|ilçe|rayon|ünvan|հասցե|մարզ|العنوان|المحافظة|نشانی|استان|شهر"),
    ("reference", r"references?|référence bibliographique|bibliograph.*|bibliografía|literatur[ea]?|literatuur|sources?|quellen?|citations?|література|литература|джерел[ао]|источник.*|kaynakça"),
    ("note", r"description|description_bien|beschreibung|notes?|remarks?|bemerkung|comment|history|historique|synthese_historique|опис|url|link|omschrijving|opmerkingen|descrizione|descrição|descripción|opis|açıklama|təsvir|նկարագրություն|وصف|ملاحظات|توضیحات"),
]  # fmt: skip
POINT = re.compile("|".join(words for role, words in HEADERS if role in ("latitude", "longitude")), re.IGNORECASE)
WHOLE = [(role, re.compile(rf"(?:{words})", re.IGNORECASE)) for role, words in HEADERS]
PART = [
    (role, re.compile(rf"(?:^|[\W_])(?:{words})(?:$|[\W_])", re.IGNORECASE))
    for role, words in HEADERS
    if role not in ("built_until", "built", "name")
] + [
    (role, re.compile(rf"(?:^|[\W_])(?:{words})(?:$|[\W_])", re.IGNORECASE))
    for role, words in HEADERS
    if role == "name"
]
ONCE = {
    "identifier",
    "latitude",
    "longitude",
    "position",
    "footprint",
    "type",
    "condition",
    "condition_date",
    "built",
    "built_until",
}
ONCE |= {"protection", "protection_date"}
