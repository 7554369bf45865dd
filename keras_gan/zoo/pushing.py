"""Presets to the Hugging Face Hub."""

import importlib.util
import os

from keras_gan.texts import one_line
from keras_gan.zoo import fetching, hub_card, packing, presets, trust
from keras_gan.zoo.kind_registry import kind_of


def push(preset: str | os.PathLike, repository: str, private: bool = False) -> tuple[str, str]:
    """Uploads a preset to the Hugging Face Hub in one commit, with its model card.

    The preset is checked and loaded first. Files of an earlier preset there that this one has not
    are deleted in the same commit, since a preset with surplus files is refused when it is loaded.
    Other files of the repository stay. The access token is that of `hf auth login`, or of the
    environment variable `HF_TOKEN`.

    Args:
        preset: As in `Pretrained.from_preset`.
        repository: `"user/repository"`; it is made if it is missing.
        private: Whether a new repository is private. Defaults to `False`.

    Returns:
        The address of the repository's page, and the kind of the preset.

    Raises:
        ValueError: For an invalid repository, a preset without a card or one that does not load, a
            missing package, or a failed upload.
    """
    if not fetching.REPOSITORY.fullmatch(repository):
        raise ValueError(
            f"A repository on the Hub has the form user/repository; received "
            f"{one_line(repr(repository))[:120]}."
        )
    if importlib.util.find_spec("huggingface_hub") is None:
        raise ValueError(
            'An upload needs the package huggingface_hub: pip install ".[hub]" in a clone of '
            "keras_gan, or pip install huggingface_hub."
        )
    with presets.opened(preset) as (folder, content):
        if "card.json" not in content:
            raise ValueError(
                f"The preset in {one_line(folder)} has no card, which people need on the Hub: "
                f"keras-gan zoo publish makes one of a run."
            )
        packing.loaded(folder, content)
        card = trust.object_in(folder, "card.json", content["card.json"])
    name = presets.name_of(preset)
    page = hub_card.content(card, name, repository)
    return _uploaded({**content, hub_card.FILE: page}, repository, private, name), kind_of(card)


def _uploaded(files: dict[str, bytes], repository: str, private: bool, name: str) -> str:
    """Uploads files; returns the address of their page.

    Args:
        files: Their bytes by name.
        repository: `"user/repository"`.
        private: As in `push`.
        name: The preset's name, for the commit.

    Raises:
        ValueError: If the Hub does not take them.
    """
    import huggingface_hub as hub

    api = hub.HfApi(library_name="keras-gan")
    try:
        address = api.create_repo(repository, private=private, exist_ok=True)
        surplus = set(trust.LIMITS) & set(api.list_repo_files(repository)) - set(files)
        changes = [hub.CommitOperationAdd(path, each) for path, each in sorted(files.items())]
        changes += [hub.CommitOperationDelete(path) for path in sorted(surplus)]
        api.create_commit(repository, changes, commit_message=f"Upload the preset {name}")
    except Exception as error:  # the network, access rights, wrong names
        raise ValueError(
            f"{repository} could not be uploaded ({one_line(error)[:300].rstrip('.')}): log in "
            f"with hf auth login or set HF_TOKEN to a token that may write, and check the name of "
            f"the repository and the network."
        ) from error
    return str(address)
