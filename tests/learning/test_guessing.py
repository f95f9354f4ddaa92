"""What words by dice are worth, and that dice lead to each word equally often."""

from itertools import product

import pytest

from app.learning.guessing import by_dice, strength, strengths
from app.records.passphrases import OFFERED_WORDS, wordlist


def test_each_word_is_worth_eleven_bits() -> None:
    six = strength(6)

    assert six.bits == 66
    # Half of 2 to the 66th, at a hundred, ten thousand and a million million guesses a second.
    assert six.at_a_page == 2**65 / 100
    assert six.slowed_down == 2**65 / 10_000
    assert six.fast == 2**65 / 1_000_000_000_000
    assert strength(7).fast == 2048 * six.fast


def test_what_is_told_begins_with_four_words_and_has_what_the_kit_offers() -> None:
    assert [one.words for one in strengths()] == [4, 5, 6, 7, 8]
    assert OFFERED_WORDS in {one.words for one in strengths()}


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_word_has_as_many_dice_as_any_other(language: str) -> None:
    words = wordlist(language)
    found: dict[str, int] = {}
    blocks = {(block.parity, block.dice): dict(block.words) for block in by_dice(words)}

    for first, *pairs in product(range(1, 7), *[range(1, 7)] * 4):
        block, place = 10 * pairs[0] + pairs[1], 10 * pairs[2] + pairs[3]
        if block < 63 and place < 63:
            word = blocks["odd" if first % 2 else "even", block][place]
            found[word] = found.get(word, 0) + 1

    assert len(found) == len(words) == 2048
    assert set(found.values()) == {3}
    assert [word for block in by_dice(words) for _, word in block.words] == list(words)
