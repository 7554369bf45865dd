"""The names of scores and feature extractors, for help and lists, which load none of them."""

EXTRACTORS = ("pixels", "cifar10", "mnist", "imagenet", "inception")
NEIGHBOURS = {"precision": 3, "recall": 3, "density": 5, "coverage": 5}
DIRECTIONS = {"min": "lower is better", "max": "higher is better"}
SCORES = {  # which direction is better, and how it is measured
    "frechet_distance": ("min", ""),
    "kernel_distance": ("min", "100 subsets of at most 1,000 samples, degree 3"),
    **{name: ("max", f"{count} neighbours") for name, count in NEIGHBOURS.items()},
    "sliced_wasserstein": ("min", "500 projections, order 1"),
    "mind": ("min", "1,000 projections"),
    "vendi_score": ("max", "cosine similarity"),
}
