"""The setting of condition vectors, a table with some numbers for each sample."""

from keras_gan.families.setting import Setting

CONDITIONS = {
    "conditions": Setting(
        str,
        None,
        "a table of numbers that samples show, such as attributes or several labels at once: a "
        ".npy or .npz array (n, d) in the order of the data, or a .csv file with a heading, whose "
        "first column names the images of a folder",
        chosen="none",
        decides="data",
        names_file=True,
    )
}


def dim_of(settings) -> int | None:
    """How many numbers a condition vector of a run has; `None` without them.

    Args:
        settings: The run's settings, of which `conditions` counts.

    Raises:
        ValueError: For a table that cannot be read.
    """
    if settings.conditions is None:
        return None
    from keras_gan.families.condition_tables import dim_in

    return dim_in(settings.conditions)
