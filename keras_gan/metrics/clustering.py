"""Agreement of clusters with classes."""

import numpy as np


def cluster_accuracy(labels, clusters) -> float:
    """The fraction of samples whose cluster is assigned to their class, for the best assignment.

        accuracy = max_π  1/n Σᵢ [π(clustersᵢ) = labelsᵢ]

    π assigns each cluster to a different class. If there are more clusters than classes, some
    remain without a class, and their samples count as wrong. The numbers of clusters and classes
    themselves do not matter.

    The Hungarian method finds the best assignment. K random clusters score a little more than 1/K,
    because the assignment uses the labels.

    Args:
        labels: Whole numbers `(n,)`, the classes of the samples.
        clusters: Whole numbers `(n,)`, their clusters, such as `KMeans(10).fit_predict(codes)`
            of scikit-learn.

    Returns:
        The accuracy, in (0, 1].

    Raises:
        ValueError: For anything but whole numbers, one label and one cluster per sample.

    Example:

    >>> cluster_accuracy([0, 0, 1, 1, 2], [7, 7, 5, 5, 5])  # 7 is 0, and 5 is 1
    0.8

    Reference: Yang, Xu, Nie, Yan and Zhuang 2010, Image Clustering using Local Discriminant Models
    and Global Integration, IEEE Transactions on Image Processing 19; Kuhn 1955, The Hungarian
    Method for the Assignment Problem, Naval Research Logistics Quarterly 2.
    """
    from scipy.optimize import linear_sum_assignment

    labels, clusters = np.asarray(labels), np.asarray(clusters)
    for name, numbers in (("labels", labels), ("clusters", clusters)):
        is_whole = np.issubdtype(numbers.dtype, np.integer) and numbers.ndim == 1
        if not is_whole or not len(numbers) or len(numbers) != len(labels):
            raise ValueError(
                f"cluster_accuracy takes one class and one cluster per sample, whole numbers (n,), "
                f"for at least one sample; received {name} of shape {numbers.shape} and type "
                f"{numbers.dtype}, and labels of shape {labels.shape}."
            )
    classes, row = np.unique(labels, return_inverse=True)
    found, column = np.unique(clusters, return_inverse=True)
    counts = np.zeros((len(classes), len(found)), "int64")
    np.add.at(counts, (row, column), 1)
    return float(counts[linear_sum_assignment(counts, maximize=True)].sum() / len(labels))
