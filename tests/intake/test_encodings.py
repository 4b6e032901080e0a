"""Lists in the older encodings of many languages: the letters are right, or the list is refused with byte and line."""

import pytest

from heritage.intake.readers import Unreadable
from heritage.intake.readers.encodings import encoding_of

LISTS = {
    "German": "Nr.;Objekt;Straße\n1;Wohnhaus „Zum Löwen“;Köln – Süd, 3 €\n2;Schloß;Würzburg\n3;BÜRGERHAUS;Äußere Str.\n",
    "German, one letter": "id;name\n1;Schloß\n2;Burg\n",
    "French": "id;nom\n1;Église Saint-Étienne, l’Isle – cœur «Œuvre»\n2;Hôtel de Ville;À voir\n",
    "Spanish": "id;nombre\n1;Iglesia de San Martín, ¿siglo XII?\n2;Peñíscola Ábside Ñuñoa Órgano Úbeda\n",
    "Portuguese": "id;nome\n1;Igreja de São João, Conceição, Órgãos\n2;Sé;ÁGUA\n",
    "Italian": "id;nome\n1;Chiesa di Santa Maria della Pietà, città, così, più\n",
    "Swedish": "id;namn\n1;Kyrka på ön Öland, Ängelholm, Ålesund\n",
    "Danish": "id;navn\n1;Kirke på Ærø, Øster Hæsinge, Århus\n",
    "Icelandic": "id;nafn\n1;Þingvellir, Ísafjörður, Höfði, Þórshöfn, Ýtri\n",
    "Polish": "id;nazwa\n1;Kościół pw. Świętej Trójcy, Łódź, ul. Żółkiewskiego „X”\n",
    "Czech": "id;název\n1;Kostel sv. Jiří, Žďár, Šťáhlavy, Příbram, kůň, Český Těšín\n",
    "Hungarian": "id;név\n1;Templom, Győr, Kőszeg, Hódmezővásárhely, Űr, Székesfehérvár\n",
    "Romanian": "id;nume\n1;Biserica Sfânta Treime, Iaşi, Târgovişte, Mănăstirea Neamţ\n",
    "Croatian": "id;naziv\n1;Crkva sv. Đurđa, Čakovec, Šibenik, Ćićarija, Žumberak\n",
    "Turkish": "id;adı\n1;Süleymaniye Camii, İstanbul, Beyoğlu, Şişli, Çarşı, Iğdır\n",
    "Lithuanian": "id;pavadinimas\n1;Šv. Onos bažnyčia, aukštutinė pilis, Žemaičių, Įgula, ąžuolas\n",
    "Latvian": "id;nosaukums\n1;Rīgas Doms, Cēsu pils, Ķemeri, Ģertrūdes baznīca, šķūnis\n",
    "Russian": "id;название\n1;Церковь Успения; XIX в.; ОБЪЕКТ 5\n2;Дом Ёлкина\n",
    "Ukrainian": "id;назва\n1;Парк XIX ст., Їжак, Київ, Європа\n",
    "Greek": "id;όνομα\n1;Εκκλησία Αγίου Γεωργίου, Άγιος Ιωάννης, Ύδρα\n",
    "Hebrew": 'id;שם\n1;בית כנסת הרמב"ם, ירושלים, שער יפו\n',
    "Arabic": "id;الاسم\n1;مسجد السلطان حسن، القاهرة\n2;قلعة صلاح الدين الأيوبي؛ مئذنة\n",
    "Persian": "id;نام\n1;مسجد جامع گلپايگان، پل خواجو، كرج\n",
}
WRITTEN = [
    *((one, "windows-1252") for one in ("German", "German, one letter", "French", "Spanish", "Portuguese", "Italian")),
    *((one, "windows-1252") for one in ("Swedish", "Danish", "Icelandic")),
    *((one, "iso-8859-1") for one in ("German, one letter", "Spanish", "Italian")),
    *((one, name) for one in ("Czech", "Hungarian", "Romanian", "Croatian") for name in ("windows-1250", "iso-8859-2")),
    *(("Polish", "windows-1250"), ("Turkish", "windows-1254"), ("Turkish", "iso-8859-9")),
    *(("Lithuanian", "windows-1257"), ("Lithuanian", "iso-8859-13"), ("Latvian", "windows-1257")),
    *(("Russian", name) for name in ("windows-1251", "koi8-r", "iso-8859-5", "cp866")),
    *(("Ukrainian", name) for name in ("windows-1251", "koi8-u", "iso-8859-5")),
    *(("Greek", name) for name in ("windows-1253", "iso-8859-7")),
    *(("Hebrew", name) for name in ("windows-1255", "iso-8859-8")),
    *(("Arabic", name) for name in ("windows-1256", "iso-8859-6")),
    *(("Persian", "windows-1256"), ("Spanish", "cp850"), ("Icelandic", "cp850")),
]


@pytest.mark.parametrize(("language", "encoding"), WRITTEN)
def test_a_list_in_the_encodings_of_its_language_is_read_with_the_right_letters(tmp_path, language, encoding):
    content = LISTS[language].encode(encoding)
    path = tmp_path / "list.csv"
    path.write_bytes(content)

    found = encoding_of(path)

    assert content.decode(found.name) == content.decode(encoding)
    assert not found.sure


def mixed(tmp_path, rows, *, other, of):
    """Return a list of ``rows`` in the encoding ``of`` of which the row ``other`` is in UTF-8, or the other way round."""
    lines = [row.encode(of) for row in rows]
    lines[other] = rows[other].encode("utf-8" if of != "utf-8" else "windows-1252")
    path = tmp_path / "list.csv"
    path.write_bytes(b"\r\n".join(lines))
    return path


@pytest.mark.parametrize(
    ("name", "of", "told"),
    [
        ("Schloß", "windows-1252", "line 78 (the byte C3)"),
        ("Schloß", "utf-8", "line 78 (the byte DF)"),
        ("Große Straße „am See“", "windows-1252", "line 78 (the byte C3)"),
        ("Kościół", "windows-1250", "line 78 (the byte C5)"),
        ("Церковь Успения", "windows-1251", "line 78 (the byte D0)"),
    ],
)
def test_one_row_in_another_encoding_is_told_by_its_line_and_byte(tmp_path, name, of, told):
    path = mixed(tmp_path, ["id;name", *(f"{n};{name}" for n in range(200))], other=77, of=of)

    with pytest.raises(Unreadable, match="mixes UTF-8 with an older encoding") as refused:
        encoding_of(path)

    assert told in str(refused.value)


def test_bytes_that_stand_for_nothing_in_the_encoding_are_told_with_byte_and_line(tmp_path):
    path = tmp_path / "list.csv"
    rows = [f"{n};Große Straße, Köln".encode("windows-1252") for n in range(100)]
    path.write_bytes(b"\n".join([b"id;name", *rows, b"100;Stra\x81e"]))

    with pytest.raises(Unreadable, match=r"seems to be windows-1252.*line 102 \(the byte 81\)"):
        encoding_of(path)


def test_an_encoding_of_old_computers_that_is_not_certain_is_to_be_chosen(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(LISTS["Swedish"].encode("mac-roman"))

    with pytest.raises(Unreadable, match=r"cp850 or mac-roman|mac-roman or cp850"):
        encoding_of(path)

    assert encoding_of(path, "mac-roman").sure
