"""Romanised forms of Arabic names by rule, for display; simplified news style without marks."""

from __future__ import annotations

from functools import lru_cache

from musnad.language.letters import fold

_LETTERS = {"ا": "a", "أ": "a", "إ": "i", "آ": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r",
            "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l",
            "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "y", "ى": "a", "ة": "a", "ء": "", "ؤ": "u", "ئ": "i", "پ": "p", "چ": "ch", "گ": "g",
            "ڤ": "v", "ژ": "zh"}  # fmt: skip
_WHOLE = {"محمد": "Mohammed", "أحمد": "Ahmed", "محمود": "Mahmoud", "علي": "Ali", "حسن": "Hassan", "حسين": "Hussein", "عبد": "Abd", "الله": "Allah",
          "عبدالله": "Abdullah", "عمر": "Omar", "عثمان": "Othman", "خالد": "Khaled", "إبراهيم": "Ibrahim", "يوسف": "Youssef", "سعيد": "Saeed",
          "صالح": "Saleh", "ناصر": "Nasser", "سالم": "Salem", "فيصل": "Faisal", "سلمان": "Salman", "فهد": "Fahd", "سعود": "Saud", "بن": "bin",
          "ابن": "ibn", "أبو": "Abu", "أبي": "Abi", "آل": "Al", "جمال": "Jamal", "كمال": "Kamal", "طارق": "Tariq", "مصطفى": "Mustafa", "موسى": "Musa",
          "عيسى": "Issa", "يحيى": "Yahya", "مهدي": "Mahdi", "هادي": "Hadi", "رضا": "Reza", "جعفر": "Jaafar", "حيدر": "Haider", "عباس": "Abbas",
          "قاسم": "Qassem", "كاظم": "Kadhim", "باقر": "Baqir", "صادق": "Sadiq", "فؤاد": "Fuad", "نوري": "Nouri", "بشار": "Bashar", "عادل": "Adel",
          "عبدالرحمن": "Abdulrahman", "عبدالعزيز": "Abdulaziz", "فاطمة": "Fatima", "مريم": "Maryam", "زينب": "Zainab", "ليلى": "Layla",
          "هدى": "Huda", "نور": "Nour", "حزب": "Hizb", "جون": "John", "جورج": "George", "مايكل": "Michael", "ديفيد": "David",
          "جيمس": "James", "روبرت": "Robert", "توني": "Tony", "سابرينا": "Sabrina"}  # fmt: skip
_BY_FOLD = {fold(k, "search"): v for k, v in _WHOLE.items()}
_LONG = {"ا", "و", "ي", "ى"}


@lru_cache(maxsize=8192)
def _word(word: str) -> str:
    plain = fold(word, "display")
    if not any(c in _LETTERS for c in plain):
        return plain
    known = _BY_FOLD.get(fold(word, "search"))
    if known is not None:
        return known
    if plain.startswith("ال") and len(plain) > 4:
        return "al-" + _word(plain[2:])
    out = ""
    for i, char in enumerate(plain):
        before = plain[i - 1] if i else ""
        after = plain[i + 1] if i + 1 < len(plain) else ""
        if char in ("و", "ي") and i and before not in _LONG and (not after or after not in _LONG):
            piece = "ou" if char == "و" and after else "u" if char == "و" else "i"
        else:
            piece = _LETTERS.get(char, char)
            # short vowels are not written: one «a» keeps two consonants apart
            if (
                i
                and before not in _LONG
                and char not in _LONG
                and char not in "ةءؤئعأإآ"
                and before not in "ةءؤئعأإآ"
                and out[-1:] not in "aiu"
            ):
                piece = "a" + piece if i == 1 or plain[i - 2 : i - 1] in _LONG or len(plain) == 3 else piece
        out += piece
    return out[:1].upper() + out[1:]


def romanise(name: str) -> str:
    """A name in Latin letters, word by word; words that are not Arabic stay as they are."""
    words = [w.strip("«»“”\"'()،,") for w in name.split()]
    made = " ".join(_word(w) for w in words if w)
    return made[:1].upper() + made[1:]
