"""The words of dates by language, each as the sign that ``when`` reads. Pure Python."""

SIGNS = {
    "en": {
        "about": "about ca ca. c. circa around approximately approx approx. probably perhaps possibly",
        "before": "before by until pre", "after": "after since post", "to": "to – - — through", "and": "and", "from": "from between",
        "or": "or", "century": "century cent cent. c centuries", "early": "early beginning", "middle": "mid middle mid-",
        "late": "late end", "first": "first 1st", "second": "second 2nd", "half": "half", "quarter": "quarter",
        "AD": "ad a.d. ce", "BC": "bc b.c. bce", "AH": "ah a.h. hijri hegira h", "nothing": "the of in year years date dated",
    },
    "fr": {
        "about": "vers environ ca ca. circa v. probablement peut-être", "before": "avant jusqu'à", "after": "après depuis",
        "to": "à au – - —", "and": "et", "from": "de entre du", "or": "ou", "century": "siècle siècles s.", "early": "début",
        "middle": "milieu mi", "late": "fin", "first": "première premier 1re 1er", "second": "deuxième seconde second 2e",
        "half": "moitié", "quarter": "quart", "AD": "apr. ap.", "BC": "av.", "AH": "hégire ah h", "nothing": "le la l'an en an année années du des j.-c. jc",
    },
    "de": {
        "about": "um ca ca. circa etwa gegen wohl vermutlich", "before": "vor", "after": "nach ab seit",
        "to": "bis – - —", "and": "und", "from": "von zwischen", "or": "oder", "century": "jh. jh jahrhundert jahrhunderts jhs.",
        "early": "anfang frühes", "middle": "mitte", "late": "ende spätes", "first": "erste 1.", "second": "zweite 2.",
        "half": "hälfte", "quarter": "viertel", "BC": "v.", "AD": "n.", "nothing": "im in der des das jahr jahre chr.",
    },
    "ru": {
        "about": "около ок. приблизительно", "before": "до", "after": "после с", "to": "по – - —", "and": "и", "from": "между",
        "or": "или", "century": "век века в. вв. столетие", "early": "начало нач.", "middle": "середина сер.",
        "late": "конец кон.", "first": "первая", "second": "вторая", "half": "половина пол.", "quarter": "четверть",
        "nothing": "г. гг. год года годы г", "BC": "до-н.э.", "AD": "н.э.",
    },
    "uk": {
        "about": "близько бл. приблизно", "before": "до", "after": "після з", "to": "по – - —", "and": "і та", "from": "між",
        "or": "або", "century": "століття ст. ст", "early": "початок поч.", "middle": "середина сер.",
        "late": "кінець кін.", "first": "перша", "second": "друга", "half": "половина пол.", "quarter": "чверть",
        "nothing": "р. рр. рік року роки р", "BC": "до-н.е.", "AD": "н.е.",
    },
    "es": {
        "about": "hacia circa ca. aproximadamente c.", "before": "antes anterior", "after": "después desde", "to": "a al – - —", "and": "y",
        "from": "de entre", "or": "o", "century": "siglo siglos s.", "early": "principios inicios", "middle": "mediados",
        "late": "finales fines", "first": "primera primer", "second": "segunda", "half": "mitad", "quarter": "cuarto",
        "AD": "d.c.", "BC": "a.c.", "nothing": "el la del los año años en",
    },
}  # fmt: skip
MONTHS = {
    "en": "january february march april may june july august september october november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}


def lexicon(languages):
    """Return {word: sign} of the ``languages``, months as "month 5"; the first language wins."""
    words = {}
    for language in reversed(languages):
        for sign, listed in SIGNS.get(language, {}).items():
            words |= dict.fromkeys(listed.split(), sign)
        months = MONTHS.get(language, "").split()
        words |= {
            month[:3] + dot: f"month {n}" for n, month in enumerate(months, 1) for dot in ("", ".") if language == "en"
        }
        words |= {month: f"month {n}" for n, month in enumerate(months, 1)}
    return words
