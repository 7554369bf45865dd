"""The names of scores and feature extractors, for help and lists, which load none of them."""

OF_PAPERS = {  # extractors whose Fréchet distance is an FID, and the programs that compute it so
    "inception_2015": "the authors' code and torch-fidelity",
    "inception_2015_clean": "clean-fid",
    "inception_2015_pytorch": "pytorch-fid",
}
PUBLISHED = "published weights"  # how versions of extractors of papers begin, if theirs are those
EXTRACTORS = ("pixels", "cifar10", "mnist", "imagenet", "inception", *OF_PAPERS)
NEIGHBOURS = {"precision": 3, "recall": 3, "density": 5, "coverage": 5}
DIRECTIONS = {"min": "lower is better", "max": "higher is better"}


def what_distance(features: str, version: str) -> str:
    """Says what a Fréchet distance in some features is, so that none passes for a paper's FID.

    Args:
        features: The extractor's name.
        version: Its version.

    Example:

    >>> what_distance("mnist", "1")
    'the Fréchet distance is of the features mnist, and no FID of a paper'
    """
    if features not in OF_PAPERS:
        return f"the Fréchet distance is of the features {features}, and no FID of a paper"
    if version.startswith(PUBLISHED):
        return (
            f"the Fréchet distance is an FID, computed as by {OF_PAPERS[features]}, and compares "
            f"with others of as many samples"
        )
    return (
        f"the Fréchet distance is computed as by {OF_PAPERS[features]}, and is an FID only if "
        f"these are the published weights: {version}"
    )


SCORES = {  # which direction is better, and how it is measured
    "frechet_distance": ("min", ""),
    "kernel_distance": ("min", "100 subsets of at most 1,000 samples, degree 3"),
    **{name: ("max", f"{count} neighbours") for name, count in NEIGHBOURS.items()},
    "sliced_wasserstein": ("min", "500 projections, order 1"),
    "mind": ("min", "1,000 projections"),
    "vendi_score": ("max", "cosine similarity"),
}
