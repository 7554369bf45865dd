"""The layout of TensorBoard's tab Custom Scalars: the losses of all players in one chart."""

import re
from collections.abc import Iterable, Sequence


def layout_of(
    logs: Iterable[str], of_players: Sequence[Sequence[str]], rates: Sequence[str], by_step: bool
) -> bytes:
    """The layout as TensorBoard reads it, a serialized `Summary`.

    Args:
        logs: The names in the logs of an epoch.
        of_players: The names of each player's losses, his main one first.
        rates: The tags of the learning rates.
        by_step: Whether there are points by step, too.
    """
    from tensorboard.plugins.custom_scalar import layout_pb2, summary

    main, others = grouped(logs, of_players)
    categories = [("Losses", [("losses of all players", tags("epoch", main))])]
    if by_step:
        categories[0][1].append(("losses of all players, by step", tags("batch", main)))
    if others:
        charts = [(name, tags("epoch", [name])) for name in others]
        categories.append(("Terms, estimates and scores", charts))
    categories.append(("Learning rates", [("learning rates", [pattern(tag) for tag in rates])]))
    layout = layout_pb2.Layout(
        category=[
            layout_pb2.Category(
                title=title,
                chart=[
                    layout_pb2.Chart(
                        title=name, multiline=layout_pb2.MultilineChartContent(tag=patterns)
                    )
                    for name, patterns in charts
                ],
            )
            for title, charts in categories
        ]
    )
    return summary.pb(layout).SerializeToString()


def grouped(
    logs: Iterable[str], of_players: Sequence[Sequence[str]]
) -> tuple[list[str], list[str]]:
    """The losses that share a chart, and all other names, without those of a validation.

    A player's losses are those whose names end so, or the first of them: penalties have another
    scale. Where one player's terms add up to `loss`, all of them share the chart.

    Args:
        logs: As in `layout_of`.
        of_players: Likewise.

    Example:

    >>> of_players = [["discriminator_loss", "r1_penalty"], ["generator_loss"]]
    >>> grouped(["discriminator_loss", "r1_penalty", "generator_loss", "val_x"], of_players)
    (['discriminator_loss', 'generator_loss'], ['r1_penalty'])
    """
    names = [name for name in logs if not name.startswith("val_")]
    wanted = {"loss"}
    for own in of_players:
        main = [each for each in own if each.endswith("_loss")] or own[:1]
        wanted |= set(own if "loss" in names else main)
    main = [name for name in names if name in wanted]
    return main, [name for name in names if name not in main]


def tags(begin: str, names: Iterable[str]) -> list[str]:
    """The patterns of the tags of names, by epoch or by step."""
    return [pattern(f"{begin}_{name}") for name in names]


def pattern(tag: str) -> str:
    """The regular expression that only one tag matches."""
    return f"^{re.escape(tag)}$"
