"""Repeatable randomness: a number is a function of its seed and its counters, never of what was drawn before.

So a path is the same whoever subscribes, when, and in which order. The mixing function is SplitMix64 (Steele, Lea,
Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
"""

from hashlib import blake2b

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_GAUSS_SCALE = 3.0**0.5 / 65535.0
"""Four uniform 16-bit numbers have the sum's standard deviation 65535 / sqrt(3)."""


def seed_of(seed: int, name: str) -> int:
    """A 64-bit seed of its own for each named source of randomness."""
    return int.from_bytes(blake2b(f"{seed}/{name}".encode(), digest_size=8).digest(), "big")


def mix(seed: int, counter: int) -> int:
    """64 well-mixed bits for one counter value of a seed."""
    bits = (seed + counter * _GOLDEN) & _MASK
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & _MASK
    return bits ^ (bits >> 31)


def gauss(bits: int) -> float:
    """A bell-shaped number of mean 0 and deviation 1 within ±3.47: the sum of four uniform ones."""
    total = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    return (total - 131070) * _GAUSS_SCALE


def share(bits: int) -> float:
    """A number from 0 to below 1, from the upper half of the bits."""
    return (bits >> 32) / 4294967296.0
