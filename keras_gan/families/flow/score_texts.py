"""The likelihood of a flow as a sentence, for runs, its card and the gallery."""


def sentence(found: dict) -> str:
    """What was measured, in a sentence."""
    text = (
        f"log p(x) = {found['log_likelihood']:.3f} ± {found['standard_error']:.3f} nats, the mean "
        f"of {found['samples']:,} samples of the {found['split']} split"
    )
    if "bits_per_dim" in found:
        text += f", which are dequantized: at most {found['bits_per_dim']:.3f} bits per component"
    if "kl_from_truth" in found:
        text += (
            f"; KL(truth ‖ model) = {found['kl_from_truth']:.3f} ± "
            f"{found['kl_standard_error']:.3f} nats, by the density of the data"
        )
    return f"{text}."
