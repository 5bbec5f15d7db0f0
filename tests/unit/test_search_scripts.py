"""Claims about other scripts: a word is found in Japanese, Korean, Cyrillic, Arabic and Greek, and with accents."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from deadair.adapters.search.entry import entry_of
from deadair.adapters.search.finding import Finder
from deadair.adapters.search.query import PART, fold
from deadair.adapters.search.snapshot import UNICODE, Snapshot
from deadair.domain.document import Document
from tests.builders import NOON

TITLES = {
    "ja": "データ同期が停止し、顧客の更新が届かなかった",
    "ja-latin": "HubSpotの認証キーが期限切れ",
    "ja-half": "ﾒｰﾙ配信の遅延",
    "zh": "联系人同步失败：令牌已过期",
    "ko": "웹훅 서명이 거부되어 동기화가 멈춤",
    "ru": "Задержка синхронизации контактов между рассылкой и CRM",
    "uk": "Їхній ключ доступу закінчився",
    "ar": "توقف مزامنة العملاء بعد انتهاء صلاحية الرمز",
    "el": "Ο συγχρονισμός των επαφών σταμάτησε",
    "fr": "Échec de la synchronisation à cause d'un jeton expiré",
    "tr": "İzin kayıtları İstanbul sunucusunda kayboldu",
    "vi": "Đồng bộ dữ liệu khách hàng bị gián đoạn",
}


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> Finder:
    made, file = Snapshot(), tmp_path_factory.mktemp("scripts") / "index.sqlite"
    made.apply(entry_of(Document(id=key, title=title, date=NOON, body="Words.")) for key, title in TITLES.items())
    made.apply([entry_of(Document(id="body", title="In the body", date=NOON, body="原因は証明書の失効。Ёлка упала."))])
    file.write_bytes(made.file())
    return Finder(file)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("同期", "ja"),
        ("顧客", "ja"),
        ("データ", "ja"),
        ("更新が届かない", "ja"),
        ("認証キー", "ja-latin"),
        ("hubspot", "ja-latin"),
        ("HubSpotの認証", "ja-latin"),
        ("メール", "ja-half"),
        ("遅延", "ja-half"),
        ("鍵", ""),
        ("令牌", "zh"),
        ("同步失败", "zh"),
        ("동기화", "ko"),
        ("서명", "ko"),
        ("웹훅", "ko"),
        ("синхронизации", "ru"),
        ("ЗАДЕРЖКА", "ru"),
        ("рассылкой", "ru"),
        ("рассыл", "ru"),
        ("їхній", "uk"),
        ("مزامنة", "ar"),
        ("الرمز", "ar"),
        ("επαφών", "el"),
        ("ΣΥΓΧΡΟΝΙΣΜΌΣ", "el"),
        ("echec", "fr"),
        ("expiré", "fr"),
        ("istanbul", "tr"),
        ("khách hàng", "vi"),
        ("証明書", "body"),
        ("因", "body"),
        ("ёлка", "body"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_word_of_a_title_or_body_is_found(finder: Finder, query: str, first: str, form: str) -> None:
    found = finder.search(unicodedata.normalize(form, query), {}, 3, 0)  # type: ignore[arg-type]

    assert [hit.id for hit in found.hits[:1]] == ([first] if first else [])
    assert found.searched_for == ""


def test_a_letter_is_folded_just_as_the_index_folds_it() -> None:
    tokens = apsw.Connection(":memory:").fts5_tokenizer(UNICODE[0], list(UNICODE[1:]))

    def indexed(text: str) -> list[str]:
        return list(tokens(text.encode(), apsw.FTS5_TOKENIZE_DOCUMENT, None, include_offsets=False))  # type: ignore[arg-type]

    differing = [letter for letter in _letters() if indexed(letter)[:1] not in ([fold(letter)], [(fold(letter),)])]
    assert len(differing) < 20, "".join(differing)


def _letters() -> Iterator[str]:
    """The letters of Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Kana, common Han and Hangul, composed."""
    for begin, end in (
        (0x41, 0x250),
        (0x386, 0x590),
        (0x5D0, 0x64B),
        (0x1E00, 0x1F00),
        (0x3041, 0x30FF),
        (0x4E00, 0x9FD0),
    ):
        for code in range(begin, end):
            letter = chr(code)
            if PART.fullmatch(letter) and unicodedata.normalize("NFC", letter) == letter:
                yield letter


def test_the_pairs_of_letters_cost_other_write_ups_nothing(tmp_path: Path) -> None:
    plain = entry_of(Document(id="1", title="Leads lost", date=NOON, body="A token ran out."))

    assert not any(text for text in plain.texts[5].split() if not text.isascii())
