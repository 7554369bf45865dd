"""Tells faces whose letters can be read from others, and designs that are alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from keras_gan.data.packaged.fonts import CHARACTERS

SIDE = 32  # pixels of the pictures that are judged
SHAPE = 12  # pixels to which the box around the ink is stretched, to compare shapes
FAINTEST = 64  # of 255: ink that is seen
ALIKE = 4  # pairs of characters that may be the same picture, such as I and l, O and 0
READ = 0.45  # of the characters, those that resemble their own kind most
CAPITALS = 0.4  # of the height, the least median height of capital letters
SMALL_CAPITALS = 0.87  # the most resemblance of small letters to capital ones
SAME, OF_ONE_GROUP = 0.99, 0.95  # correlations of all characters of two faces
_UNLIKE_IN_BOTH_CASES = "abdefghlmnqrt"
_PARTNERS = ({"0", "o"}, {"1", "l", "i"})  # that cannot be told apart without a line around


def legible(images: np.ndarray) -> np.ndarray:
    """Whether all letters and digits of each face are there, and look like such.

    Left out are faces with an empty or invisible character; with the same picture for many (the box
    of a missing one, or capitals alone); with small letters that are capitals in shape; with
    letters too small for the rest of the face; and those of which fewer than 45% of the characters
    resemble their own kind the most, in the median over all faces: pictures, or another script.

    Args:
        images: uint8 array `(faces, 62, 32, 32)`, black on white.

    Returns:
        Boolean array `(faces,)`.
    """
    ink = 255 - images
    visible = (ink.reshape(*ink.shape[:2], -1).max(-1) >= FAINTEST).all(1)
    different = np.array([len({each.tobytes() for each in face}) for face in images])
    allowed = visible & (different >= len(CHARACTERS) - ALIKE)
    rows = np.flatnonzero(allowed)
    if not len(rows):
        return allowed
    boxes = np.array([[_box(each) for each in ink[row]] for row in rows])
    shapes = np.stack(
        [
            np.stack([_shape(each, box) for each, box in zip(ink[row], of_face, strict=True)])
            for row, of_face in zip(rows, boxes, strict=True)
        ]
    )
    capitals = np.median(boxes[:, :26, 3] - boxes[:, :26, 1], axis=1) / images.shape[2]
    allowed[rows] = (
        (capitals >= CAPITALS) & (_read(shapes) >= READ) & (_case(shapes) <= SMALL_CAPITALS)
    )
    return allowed


def _box(ink: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is at least half as dark as the darkest pixel."""
    seen = ink >= ink.max() / 2
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def _shape(ink: np.ndarray, box: Sequence[int]) -> np.ndarray:
    picture = Image.fromarray(ink)
    small = picture.resize((SHAPE, SHAPE), Image.Resampling.BILINEAR, box=tuple(map(int, box)))
    return np.asarray(small, np.float32).ravel()


def _unit(x: np.ndarray) -> np.ndarray:
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-6)


def _read(shapes: np.ndarray) -> np.ndarray:
    """The part of each face's characters whose shape is most like the median of their own kind."""
    centred = _unit(shapes - shapes.mean(-1, keepdims=True))
    kinds = _unit(np.median(centred, axis=0))
    nearest = np.einsum("fcp,kp->fck", centred, kinds).argmax(-1)
    return _same_kind()[np.arange(len(CHARACTERS)), nearest].mean(1)


def _same_kind() -> np.ndarray:
    """Which characters cannot be told apart by their shape alone, such as s and S."""
    low = CHARACTERS.lower()
    return np.array(
        [[a == b or any({a, b} <= some for some in _PARTNERS) for b in low] for a in low]
    )


def _case(shapes: np.ndarray) -> np.ndarray:
    """The median resemblance of small letters to their capitals, where these differ in shape."""
    small = [CHARACTERS.index(each) for each in _UNLIKE_IN_BOTH_CASES]
    capital = [CHARACTERS.index(each.upper()) for each in _UNLIKE_IN_BOTH_CASES]
    units = _unit(shapes)
    return np.median((units[:, small] * units[:, capital]).sum(-1), axis=1)


def alike(images: np.ndarray, families: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Finds faces that are there twice, and families of one design.

    Fonts of many scripts have the same Latin letters, and some families are copies of others under
    a new name. Two faces are compared by the correlation of all their characters, each pixel less
    its mean over all faces.

    Args:
        images: uint8 array `(faces, 62, 32, 32)`.
        families: The family of each face.

    Returns:
        A boolean array `(faces,)`, of faces that are not the same as an earlier one, and the group
        of each face: the first name of all families that have a face in common.
    """
    from scipy.sparse.csgraph import connected_components

    halves = images.reshape(len(images), len(CHARACTERS), SIDE // 2, 2, SIDE // 2, 2)
    x = halves.mean((3, 5), dtype=np.float32).reshape(len(images), -1)
    x = _unit(x - x.mean(0)) if len(x) > 1 else x * 0
    likeness = x @ x.T
    kept = np.ones(len(x), bool)
    for face in range(1, len(x)):
        kept[face] = not (likeness[face, :face][kept[:face]] > SAME).any()
    names, of_face = np.unique(families, return_inverse=True)
    first, second = np.nonzero(np.triu(likeness > OF_ONE_GROUP, 1))
    joined = np.zeros((len(names), len(names)), bool)
    joined[of_face[first], of_face[second]] = True
    _, component = connected_components(joined, directed=False)
    heads = {}
    for name, number in zip(names, component, strict=True):
        heads.setdefault(number, str(name))
    return kept, [heads[component[family]] for family in of_face]
