"""The data sets of this library by name, for help and lists, which load none of them."""

DATASETS: dict[str, str] = {
    "digits": "1,797 handwritten digits of 8x8 pixels (comes with scikit-learn; no download)",
    "stacked_digits": "50,000 stacks of three digits as red, green, blue: 1,000 modes, 8x8",
    "ring": "50,000 points in the plane: 8 Gaussians on the unit circle, sigma 0.01",
    "grid": "50,000 points in the plane: 5x5 Gaussians, 2 apart, sigma 0.05",
    "swiss_roll": "50,000 points in the plane: a spiral of one and a half turns",
    "moons": "50,000 points in the plane: two half circles that reach into each other, sigma 0.2",
    "circles": "50,000 points in the plane: two circles around the origin, sigma 0.24",
    "rings": "50,000 points in the plane: four circles around the origin, sigma 0.08",
    "two_spirals": "50,000 points in the plane: two spirals around each other",
    "checkerboard": "50,000 points in the plane: evenly on every other field of 4x4",
    "pinwheel": "50,000 points in the plane: five bent arms",
    "glyphs": "letters and digits in the styles of all installed open fonts (also glyphs/serif)",
    "emoji": "3,927 colour glyphs of Debian's fonts-noto-color-emoji (also emoji/food-drink)",
    "clipart": "drawings in Debian's openclipart-png (also clipart/fruit, clipart/flags,mammals)",
    "avatars": "12,000 faces with 13 labels, by PyPI's python-avatars (also avatars/mouth)",
    "mnist": "70,000 handwritten digits of 28x28 pixels (TensorFlow Datasets)",
    "cifar10": "60,000 photographs of 32x32 pixels in ten classes (TensorFlow Datasets)",
}
REFUSE, PAGES = "refuse", ("all", "first")  # what becomes of pages, at the command line
PLANE = (  # those of points, as in `synthetic.py`
    "ring",
    "grid",
    "swiss_roll",
    "moons",
    "circles",
    "rings",
    "two_spirals",
    "checkerboard",
    "pinwheel",
)
PACKAGED = ("glyphs", "emoji", "clipart", "avatars")  # read from installed packages


def is_own(name: str) -> bool:
    """Whether a name is that of a data set of this library, or of a part of one.

    Example:

    >>> is_own("digits"), is_own("glyphs/serif"), is_own("digits/serif"), is_own("glyphs/../x")
    (True, True, False, False)
    """
    base, _, part = name.partition("/")
    return name in DATASETS or (base in PACKAGED and bool(part) and ".." not in part)
