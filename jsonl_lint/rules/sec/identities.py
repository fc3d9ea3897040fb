"""What personal data looks like, and the check digits that prove it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from jsonl_lint.rule import Pattern

__all__ = ["AT", "DIGITS", "findings", "has_iban_check", "has_luhn_check", "has_verhoeff_check"]

Check = Callable[[str], bool]

ROLES = frozenset(
    "info support help contact kontakt contacto contatto contato sales admin administrator office mail email hello hallo hola "
    "noreply no-reply donotreply do-not-reply service kundenservice team billing press presse jobs career careers hr webmaster "
    "postmaster abuse security privacy datenschutz legal marketing feedback newsletter orders order shop store booking "
    "bookings reservations enquiries inquiries customerservice customer.service customercare care git user username name "
    "you your your.name yourname youremail your.email your-email someone somebody me test example firstname.lastname "
    "first.last john.doe jane.doe johndoe janedoe max.mustermann returns refunds accounts accounting finance".split()
)
RESERVED = (
    r"(?:^|\.)(?:example(?:\.\w+)?|test|invalid|localhost|local|lan|internal|intranet|corp|home"
    r"|domain\.com|test\.com|email\.com|company\.com|yourdomain\.\w+)$"
)
TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888", "900")
NAMED = "an identity number"
ADDRESS_NAME = "an e-mail address"
LABEL = r"(?:pesel|bsn|burgerservicenummer|sofinummer|aadhaar|aadhar|uidai)"

# Source: ISO 13616 registry of IBAN formats, release 99.
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21,
    "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27,
    "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27,
    "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25,
    "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "TL": 23, "TN": 24,
    "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip

# Source: the test numbers in the documentation of Stripe, Adyen, PayPal and Braintree.
TEST_CARDS = frozenset(
    "4111111111111111 4242424242424242 4012888888881881 4000056655665556 5555555555554444 5105105105105100 5200828282828210 "
    "2223003122003222 378282246310005 371449635398431 378734493671000 6011111111111117 6011000990139424 3530111333300000 "
    "3566002020360505 30569309025904 38520000023237 4222222222222 4000000000000002 4000002500003155 4917610000000000 "
    "4444333322221111 4000000000000077 4988438843884305 4166676667666746 4646464646464644 4005519200000004 "
    "4500600000000061".split()
)
CARD_PREFIX = r"4|5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|3[47]|6011|64[4-9]|65|35(?:2[89]|[3-8])|3(?:0[0-5]|[68])"


ADDRESS = r"(?<![\w.+@/:-])[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}(?![\w@-])"
IBAN = r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
CARD = (
    r"(?<![\w.,/:#=-])(?:[0-9]{4}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{1,4}|3[47][0-9]{2}([ -])[0-9]{6}\2[0-9]{5}|[0-9]{13,19})"
    r"(?![\w/-]|[.,][0-9])"
)
SPANISH = r"(?<![\w.-])(?:[0-9]{8}|[XYZ][0-9]{7})-?[A-HJ-NP-TV-Z](?![\w-])"
ITALIAN = r"(?<!\w)[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z](?!\w)"
BRAZILIAN = r"(?<![\w.-])[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}(?![\w-])"
CHINESE = (
    r"(?<![0-9A-Za-z])[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
)
LABELLED = rf"(?i)\b{LABEL}\b[^0-9\n]{{0,20}}([0-9](?:[ -]?[0-9]){{8,11}})(?![0-9])"
INTERNATIONAL = r"(?<![\w+./-])\+[1-9][0-9]{0,2}(?:[ .-]?\(?[0-9]{1,5}\)?){2,6}(?![\w-])"
AMERICAN = (
    r"(?<![\w+./$€£-])(?:\+?1[ .-])?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}([.-]))[2-9][0-9]{2}(?(1)\1|[.-])[0-9]{4}"
    r"(?![\w-]|[.,][0-9])"
)

# What a line must hold, as bytes: an address, nine digits close together, or what has fewer of them and letters.
AT = Pattern(r"[A-Za-z0-9_.+\x80-\xff-]@[A-Za-z0-9-]", holds=("@",))
# All of them begin with a digit, which is searched for fast.
NINE = r"[0-9](?:[A-Z .()-]{0,3}[0-9]){8}"
FEWER = r"[0-9](?:[0-9]{6}[0-9-]?-?[A-Z]|[0-9][A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z])"
# In a file something stands behind the last of them, so that not all digits of a long number are told.
DIGITS = Pattern(rf"{NINE}[^0-9]|{FEWER}")


@lru_cache(maxsize=1)
def forms() -> tuple[tuple[str, re.Pattern[str], Check], ...]:
    """Each kind of personal data: its name, its pattern, and the proof."""
    return (
        (ADDRESS_NAME, re.compile(ADDRESS), is_personal_address),
        ("an IBAN", re.compile(IBAN), has_iban_check),
        ("a card number", re.compile(CARD), is_card),
        ("an identity number (Spain)", re.compile(SPANISH), is_spanish),
        ("an identity number (Italy)", re.compile(ITALIAN), is_italian),
        ("an identity number (Brazil)", re.compile(BRAZILIAN), is_brazilian),
        ("an identity number (China)", re.compile(CHINESE), is_chinese),
        (NAMED, re.compile(LABELLED), is_labelled),
        ("a telephone number", re.compile(INTERNATIONAL), is_international),
        ("a telephone number", re.compile(AMERICAN), is_american),
    )


@lru_cache(maxsize=1)
def number() -> re.Pattern[str]:
    """What holds enough digits for any of them."""
    return re.compile(f"{NINE}|{FEWER}")


def findings(text: str) -> Iterator[tuple[str, int, int]]:
    """What there is of personal data in a text, with its place; of two that overlap the first kind counts."""
    taken: list[tuple[int, int]] = []
    for what, match, check in candidates(text):
        start, end = match.span(1 if what == NAMED else 0)
        if check(match[0]) and not any(start < e and s < end for s, e in taken):
            taken.append((start, end))
            yield what, start, end


def candidates(text: str) -> Iterator[tuple[str, re.Match[str], Check]]:
    """What looks like personal data, kind by kind; but for addresses it is looked for only in lines of the text with digits."""
    addressed = [(0, len(text))] if "@" in text else []
    numbered = list(numbered_lines(text)) if number().search(text) else []
    if not (numbered or addressed):
        return
    for what, pattern, check in forms():
        places = addressed if what == ADDRESS_NAME else numbered
        for start, end in places:
            yield from ((what, match, check) for match in pattern.finditer(text, start, end))


def numbered_lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines of a text that hold such numbers; none of these goes beyond its line."""
    end = -1
    for digits in number().finditer(text):
        if digits.start() > end:
            start = text.rfind("\n", 0, digits.start()) + 1
            end = text.find("\n", digits.end())
            end = len(text) if end < 0 else end
            yield start, end


def digits_of(text: str) -> str:
    """The digits of a text alone."""
    return "".join(char for char in text if char.isdigit())


def is_personal_address(address: str) -> bool:
    """Whether an e-mail address may be a person's: not a role's, nor one for examples."""
    local, _, domain = address.lower().rpartition("@")
    return local.strip("+.-_") not in ROLES and local.partition("+")[0] not in ROLES and not re.search(RESERVED, domain)


def has_luhn_check(digits: str) -> bool:
    """Whether the last digit is the check digit by Luhn (ISO/IEC 7812)."""
    doubled = (int(char) * (1 + index % 2) for index, char in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def is_card(text: str) -> bool:
    """Whether a number is that of a card: a network's prefix and length, the check digit, and none that is for tests."""
    digits = digits_of(text)
    if digits in TEST_CARDS or len(set(digits)) < 4 or not re.match(CARD_PREFIX, digits):
        return False
    lengths = {"34": (15,), "37": (15,), "30": (14,), "36": (14,), "38": (14,)}.get(
        digits[:2], (16, 13) if digits[0] == "4" else (16,)
    )
    return len(digits) in lengths and has_luhn_check(digits)


def has_iban_check(text: str) -> bool:
    """Whether a text is an IBAN: its country's length, and the remainder of 1 by 97 (ISO 13616)."""
    plain = text.replace(" ", "")
    if IBAN_LENGTHS.get(plain[:2]) != len(plain):
        return False
    moved = plain[4:] + plain[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def is_spanish(text: str) -> bool:
    """Whether the letter of a DNI or NIE is the right one (remainder by 23), and the number none that stands for any."""
    plain = text.replace("-", "")
    if plain[:8] == "12345678" or len(set(plain[1:8])) == 1:
        return False
    number = plain[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == plain[-1]


ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
    23], strict=True))  # fmt: skip


def is_italian(text: str) -> bool:
    """Whether the last letter of a codice fiscale is the right one (decree of 23 December 1976)."""
    total = 0
    for index, char in enumerate(text[:15]):
        total += ODD[char] if index % 2 == 0 else int(char) if char.isdigit() else ord(char) - ord("A")
    return chr(ord("A") + total % 26) == text[15]


def is_brazilian(text: str) -> bool:
    """Whether both check digits of a CPF are right (remainder by 11)."""
    digits = [int(char) for char in digits_of(text)]
    if len(set(digits)) == 1:
        return False
    for length in (9, 10):
        total = sum(digit * (length + 1 - index) for index, digit in enumerate(digits[:length]))
        if total * 10 % 11 % 10 != digits[length]:
            return False
    return True


def is_chinese(text: str) -> bool:
    """Whether the check character of a resident identity number is right (GB 11643-1999)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(char) * weight for char, weight in zip(text, weights, strict=False))
    return "10X98765432"[total % 11] == text[17].upper()


def is_labelled(text: str) -> bool:
    """Whether a number that is named PESEL, BSN or Aadhaar has the right check digits."""
    digits = digits_of(text)
    label = text.lower()
    if label.startswith("pesel"):
        return len(digits) == 11 and weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0
    if label.startswith(("bsn", "burger", "sofi")):
        return len(digits) == 9 and weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0
    return len(digits) == 12 and has_verhoeff_check(digits)


def weighted(digits: str, weights: Sequence[int]) -> int:
    """The sum of digits, each times its weight."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


DIHEDRAL = [[(a + b) % 5 if a < 5 and b < 5 else (a + b) % 5 + 5 if a < 5 else (a - b) % 5 + 5 if b < 5 else (a - b) % 5
             for b in range(10)] for a in range(10)]  # fmt: skip
TURN = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def has_verhoeff_check(digits: str) -> bool:
    """Whether the last digit is the check digit by Verhoeff."""
    check = 0
    for index, char in enumerate(reversed(digits)):
        value = int(char)
        for _ in range(index % 8):
            value = TURN[value]
        check = DIHEDRAL[check][value]
    return check == 0


def is_international(text: str) -> bool:
    """Whether a number in the international form has as many digits as one can have (E.164), and is none for films."""
    digits = digits_of(text)
    return (
        9 <= len(digits) <= 15 and len(set(digits)) > 2 and digits not in "0123456789" * 2 and not is_fictional(digits)
    )


def is_american(text: str) -> bool:
    """Whether a number of North America is none that is for films, nor a company's that costs nothing to call."""
    digits = digits_of(text)
    return not is_fictional(digits) and len(set(digits)) > 2 and digits[-10:-7] not in TOLL_FREE


def is_fictional(digits: str) -> bool:
    """Whether a number of North America is one of an area or exchange 555, where fiction and directories have theirs."""
    return digits[-7:-4] == "555" or digits[-10:-7] == "555"
