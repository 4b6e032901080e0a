"""The words of dates by language, each as the sign that ``when`` reads. Pure Python."""

SIGNS = {
    "en": {
        "about": "about ca ca. c. circa around approximately approx approx. probably perhaps possibly",
        "before": "before by until pre", "after": "after since post", "to": "to – - — through", "and": "and", "from": "from between",
        "or": "or", "century": "century cent cent. c centuries", "early": "early beginning", "middle": "mid middle mid-",
        "late": "late end", "first": "first", "second": "second", "third": "third", "fourth": "fourth", "last": "last", "half": "half",
        "quarter": "quarter",
        "AD": "ad a.d. ce", "BC": "bc b.c. bce", "AH": "ah a.h. hijri hegira h", "nothing": "the of in year years date dated",
    },
    "fr": {
        "about": "vers environ ca ca. circa v. probablement peut-être", "before": "avant jusqu'à", "after": "après depuis",
        "to": "à au – - —", "and": "et", "from": "de entre du", "or": "ou", "century": "siècle siècles s.", "early": "début",
        "middle": "milieu mi", "late": "fin", "first": "première premier", "second": "deuxième seconde second",
        "third": "troisième tiers", "fourth": "quatrième", "last": "dernier dernière", "decade": "années décennie",
        "half": "moitié", "quarter": "quart", "AD": "apr. ap.", "BC": "av.", "AH": "hégire ah h", "nothing": "le la l'an en an année du des j.-c. jc",
    },
    "de": {
        "about": "um ca ca. circa etwa gegen wohl vermutlich", "before": "vor", "after": "nach ab seit",
        "to": "bis – - —", "and": "und", "from": "von zwischen", "or": "oder", "century": "jh. jh jahrhundert jahrhunderts jhs.",
        "early": "anfang anf. frühes", "middle": "mitte", "late": "ende spätes", "first": "erste erstes", "second": "zweite zweites",
        "third": "drittel dritte drittes", "fourth": "vierte viertes", "last": "letzte letztes",
        "half": "hälfte h.", "quarter": "viertel", "BC": "v.", "AD": "n.", "nothing": "im in der des das jahr jahre chr.",
    },
    "ru": {
        "about": "около ок. приблизительно", "before": "до", "after": "после с", "to": "по – - —", "and": "и", "from": "между",
        "or": "или", "century": "век века в. вв. столетие", "early": "начало нач.", "middle": "середина сер.",
        "late": "конец кон.", "first": "первая", "second": "вторая",
        "third": "третья треть", "last": "последняя", "half": "половина пол.", "quarter": "четверть",
        "nothing": "г. гг. год года годы г", "BC": "до-н.э.", "AD": "н.э.",
    },
    "uk": {
        "about": "близько бл. приблизно", "before": "до", "after": "після з", "to": "по – - —", "and": "і та", "from": "між",
        "or": "або", "century": "століття ст. ст", "early": "початок поч.", "middle": "середина сер.",
        "late": "кінець кін.", "first": "перша", "second": "друга", "third": "третя третина", "last": "остання", "half": "половина пол.", "quarter": "чверть",
        "nothing": "р. рр. рік року роки р", "BC": "до-н.е.", "AD": "н.е.",
    },
    "es": {
        "about": "hacia circa ca. aproximadamente c.", "before": "antes anterior", "after": "después desde", "to": "a al – - —", "and": "y",
        "from": "de entre", "or": "o", "century": "siglo siglos s.", "early": "principios inicios", "middle": "mediados",
        "late": "finales fines", "first": "primera primer", "second": "segunda segundo", "third": "tercer tercio",
        "last": "último última", "decade": "década años", "half": "mitad", "quarter": "cuarto",
        "AD": "d.c.", "BC": "a.c.", "nothing": "el la del los año en",
    },
    "it": {
        "about": "circa ca. ca verso", "before": "ante entro", "after": "post dopo", "to": "al a – - —", "and": "e ed", "from": "dal da tra fra",
        "or": "o oppure", "century": "secolo secoli sec. secc. s.", "early": "inizio inizi", "late": "fine", "first": "prima primo",
        "second": "seconda secondo", "third": "terzo", "last": "ultimo ultima", "half": "metà", "quarter": "quarto", "decade": "anni",
        "AD": "d.c.", "BC": "a.c.", "nothing": "il la l' del della dell' dello nel nell' anno",
    },
    "pt": {
        "about": "cerca c. ca. circa", "before": "antes até", "after": "depois após", "to": "a ao – - —", "and": "e", "from": "de entre desde",
        "or": "ou", "century": "século séculos séc. sécs. s.", "early": "início princípio", "middle": "meados", "late": "fim final finais",
        "first": "primeira primeiro", "second": "segunda segundo", "third": "terceiro terço", "last": "último última", "half": "metade",
        "quarter": "quartel quarto", "decade": "década anos", "AD": "d.c.", "BC": "a.c.", "nothing": "do da o ano no na",
    },
}  # fmt: skip
MONTHS = {
    "en": "january february march april may june july august september october november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "ru": "января|январь февраля|февраль марта|март апреля|апрель мая|май июня|июнь июля|июль августа|август "
    "сентября|сентябрь октября|октябрь ноября|ноябрь декабря|декабрь",
    "uk": "січня|січень лютого|лютий березня|березень квітня|квітень травня|травень червня|червень липня|липень серпня|серпень "
    "вересня|вересень жовтня|жовтень листопада|листопад грудня|грудень",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}
EVERYWHERE = {"~": "about"}


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
        words |= {one: f"month {n}" for n, month in enumerate(months, 1) for one in month.split("|")}
    return EVERYWHERE | words
