"""The sound of letters in plain Latin, by script and by habit of writing.

Source: BGN/PCGN for Armenian, Georgian, Russian and Persian; ISO 9985 for scholarly Armenian.
"""

from dataclasses import dataclass


def sounds(letters, values):
    """Return the sound of each of ``letters``; ``values`` are parted by bars."""
    return dict(zip(letters, values.split("|"), strict=True))


CYRILLIC = sounds(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўәғҝөүһҹҸј",
    "a|b|v|g|d|e|e|zh|z|i|y|k|l|m|n|o|p|r|s|t|u|f|kh|ts|ch|sh|shch||i||e|yu|ya|i|yi|e|g|v|a|gh|g|o|u|h|j|j|y",
)
ARMENIAN = sounds(
    "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ",
    "a|b|g|d|e|z|e|e|t|zh|i|l|kh|ts|k|h|dz|gh|ch|m|y|n|sh|o|ch|p|j|r|s|v|t|r|ts|v|p|k|o|f",
)
GEORGIAN = sounds(
    "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "a|b|g|d|e|v|z|t|i|k|l|m|n|o|p|zh|r|s|t|u|p|k|gh|k|sh|ch|ts|dz|ts|ch|kh|j|h",
)
ARABIC = sounds(
    "ابپتثجچحخدذرزژسشصضطظعغفقکكگلمنوهیيىةءئؤٱڭھ",
    "a|b|p|t|s|j|ch|h|kh|d|z|r|z|zh|s|sh|s|z|t|z||gh|f|q|k|k|g|l|m|n|v|h|i|i|a|a||||a|ng|h",
)
GREEK = sounds(
    "αβγδεζηθικλμνξοπρστυφχψως",
    "a|v|g|d|e|z|i|th|i|k|l|m|n|x|o|p|r|s|t|y|f|kh|ps|o|s",
)
BARE = {"ə": "e", "ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
TURKIC = {"c": "j", "ç": "ch", "ş": "sh", "x": "kh", "q": "g", "ğ": "gh", "ə": "a", "j": "zh", "ž": "zh"}
TURKIC_E = TURKIC | {"ə": "e"}
SCHOLARLY = {"c": "ts", "č": "ch", "š": "sh", "ž": "zh", "ǰ": "j", "j": "dz", "x": "kh", "ł": "gh", "ġ": "gh", "ə": "e"}
WESTERN = {"բ": "p", "պ": "b", "գ": "k", "կ": "g", "դ": "t", "տ": "d", "ծ": "dz", "ձ": "ts", "ճ": "j", "ջ": "ch"}
BREATHED = {"г": "h"}
FRENCH = {"j": "zh", "ç": "s"}
POLISH = {"c": "ts", "j": "y", "ż": "zh", "ś": "sh"}


@dataclass(frozen=True)
class Habit:
    """Letters that one way of writing gives another sound, and the languages that write so."""

    name: str
    sounds: dict
    languages: tuple = ()
    telling: str = ""
    """The letters that make the habit worth trying where the language is unknown."""


HABITS = {
    habit.name: habit
    for habit in [
        Habit("turkic", TURKIC, ("az", "tr", "tk", "crh", "ku", "tt"), "cçşxqğəıjž"),
        Habit("turkic with e for ə", TURKIC_E, ("az",), "ə"),
        Habit("scholarly", SCHOLARLY, ("hy", "hyw", "xcl", "ka"), "cčšžǰjxłġ"),
        Habit("western", WESTERN, ("hyw",), "".join(WESTERN)),
        Habit("breathed", BREATHED, (), "г"),
        Habit("french", FRENCH, ("fr",)),
        Habit("polish", POLISH, ("pl",)),
    ]
}
UNMISTAKABLE = {"turkic": "şğə", "turkic with e for ə": "ə", "scholarly": "čšǰ"}
LANGUAGES = {
    language: tuple(habit.name for habit in HABITS.values() if language in habit.languages)
    for language in {language for habit in HABITS.values() for language in habit.languages}
}
