"""What a passphrase of random words is worth: how many there are, and how long guessing one takes on average.

The rates are assumptions, and say so where they are shown: at a sign-in page a hundred guesses a second, which few
services allow; with a file whose maker slowed guessing down, as the kit's own does, ten thousand; with one whose maker
didn't, a million million, which a few strong graphics cards manage.
"""

from dataclasses import dataclass

#: A word out of 2,048 is eleven bits: as much as eleven tosses of a coin.
BITS_A_WORD = 11
FEWEST_WORDS, MOST_WORDS = 4, 8
#: Guesses a second.
AT_A_PAGE, SLOWED_DOWN, FAST = 100, 10_000, 1_000_000_000_000


@dataclass(frozen=True)
class Strength:
    """Words, the bits that they are worth, and the seconds that three kinds of guesser need on average."""

    words: int
    bits: int
    at_a_page: float
    slowed_down: float
    fast: float


def strength(words: int) -> Strength:
    """What this many random words are worth. On average half of all have to be tried."""
    bits = words * BITS_A_WORD
    tries = 2 ** (bits - 1)
    return Strength(words, bits, tries / AT_A_PAGE, tries / SLOWED_DOWN, tries / FAST)


def strengths() -> tuple[Strength, ...]:
    """From the fewest words worth taking to the most that anybody wants to type."""
    return tuple(strength(words) for words in range(FEWEST_WORDS, MOST_WORDS + 1))


@dataclass(frozen=True)
class Block:
    """A part of a list of words by dice: `dice` leads to it, and each word in it has the number of two more dice."""

    parity: str
    dice: int
    words: tuple[tuple[int, str], ...]


def by_dice(words: tuple[str, ...]) -> tuple[Block, ...]:
    """2,048 words to be found with five dice: odd or even, two dice for the block, two for the word.

    Two dice have 36 outcomes; the first 32, from 11 to 62, are used and the others rolled again, so that every word
    comes up equally often: 2 · 32 · 32 = 2,048.
    """
    pairs = [10 * first + second for first in range(1, 7) for second in range(1, 7)][:32]
    size = len(pairs)
    return tuple(
        Block(
            parity,
            dice,
            tuple(
                zip(
                    pairs,
                    words[(side * size + place) * size : (side * size + place + 1) * size],
                    strict=True,
                )
            ),
        )
        for side, parity in enumerate(("odd", "even"))
        for place, dice in enumerate(pairs)
    )
