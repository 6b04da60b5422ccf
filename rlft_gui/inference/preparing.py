"""What every first answer waits for and no model decides: imports, and the process that renders chat templates."""

from importlib import import_module

from rlft_gui.garbage import not_collecting

#: torch is among what they import. Most models are Llama's kin, and what its module needs, others need too.
_NEEDED = (
    "rlft_gui.inference.engine",
    "safetensors.torch",
    "transformers.models.auto.modeling_auto",
    "transformers.models.auto.tokenization_auto",
    "transformers.models.llama.modeling_llama",
    "transformers.pytorch_utils",
)


def prepare() -> None:
    """Takes seconds, and some 400 MB."""
    from rlft_gui.training.chat.renderer import RENDERER

    RENDERER.warm_up()  # it starts beside the imports
    with not_collecting():
        for name in _NEEDED:
            import_module(name)
