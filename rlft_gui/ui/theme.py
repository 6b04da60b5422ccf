"""The look: design tokens mapped onto Gradio's theme variables.

Every value is a CSS variable of components/tokens.css, so that `:root` and `.dark` there decide about light and
dark; Gradio's own dark names get the same variable. Fonts are the two that Gradio ships: nothing comes from a
network, and only the weights 400 and 700 are used, because the bundled 600 is broken.
"""

from gradio.themes import Base
from gradio.themes.utils import fonts

#: CSS value → the Gradio theme variables that take it.
_TOKENS: dict[str, str] = {
    "var(--bg)": "body_background_fill",
    "var(--surface)": (
        "background_fill_primary input_background_fill input_background_fill_focus input_background_fill_hover "
        "button_secondary_background_fill checkbox_background_color checkbox_background_color_hover "
        "checkbox_background_color_focus checkbox_label_background_fill table_even_background_fill "
        "table_odd_background_fill code_background_fill"
    ),
    "var(--raised)": (
        "background_fill_secondary button_secondary_background_fill_hover checkbox_label_background_fill_hover "
        "checkbox_label_background_fill_selected table_row_focus"
    ),
    "var(--line)": "border_color_primary block_border_color table_border_color",
    "var(--line-strong)": (
        "button_secondary_border_color button_secondary_border_color_hover checkbox_label_border_color "
        "checkbox_label_border_color_hover checkbox_label_border_color_selected"
    ),
    "var(--control)": "input_border_color input_border_color_hover checkbox_border_color checkbox_border_color_hover",
    "var(--text)": (
        "body_text_color block_title_text_color block_label_text_color button_secondary_text_color "
        "button_secondary_text_color_hover checkbox_label_text_color checkbox_label_text_color_selected "
        "accordion_text_color table_text_color"
    ),
    "var(--text-3)": "body_text_color_subdued block_info_text_color input_placeholder_color",
    "var(--accent)": (
        "button_primary_background_fill button_primary_border_color color_accent input_border_color_focus "
        "checkbox_background_color_selected checkbox_border_color_selected checkbox_border_color_focus "
        "slider_color loader_color border_color_accent"
    ),
    "var(--accent-hover)": "button_primary_background_fill_hover button_primary_border_color_hover",
    "var(--accent-soft)": "color_accent_soft",
    "var(--on-accent)": "button_primary_text_color button_primary_text_color_hover",
    "var(--accent-text)": "link_text_color link_text_color_hover link_text_color_active link_text_color_visited",
    "var(--bad)": "error_text_color error_icon_color",
    "var(--bad-line)": "error_border_color",
    "var(--bad-soft)": "error_background_fill",
    "transparent": "block_background_fill block_label_background_fill block_title_background_fill",
    "none": (
        "block_shadow block_label_shadow input_shadow input_shadow_focus checkbox_shadow checkbox_label_shadow "
        "checkbox_label_shadow_hover checkbox_label_shadow_active button_primary_shadow "
        "button_primary_shadow_hover button_primary_shadow_active button_secondary_shadow "
        "button_secondary_shadow_hover button_secondary_shadow_active button_transition"
    ),
    "0px": "block_border_width block_label_border_width",
    "1px": "input_border_width button_border_width checkbox_border_width checkbox_label_border_width",
    "8px": (
        "block_radius input_radius container_radius table_radius button_large_radius button_medium_radius "
        "button_small_radius"
    ),
    "4px": "checkbox_border_radius",
    "400": (
        "body_text_weight button_large_text_weight button_medium_text_weight button_small_text_weight "
        "block_info_text_weight block_label_text_weight checkbox_label_text_weight input_text_weight"
    ),
    "700": "block_title_text_weight prose_header_text_weight section_header_text_weight",
    "14px": "body_text_size input_text_size button_large_text_size button_medium_text_size prose_text_size",
    "13px": "block_title_text_size block_label_text_size button_small_text_size checkbox_label_text_size",
    "12px": "block_info_text_size",
    "7px 12px": "button_large_padding button_medium_padding input_padding",
    "3px 8px": "button_small_padding",
    "0": "block_padding",
    "16px": "layout_gap form_gap_width",
}


def make_theme() -> Base:
    """The theme to mount; raises TypeError if Gradio has renamed one of the variables above."""
    theme = Base(
        font=[fonts.LocalFont("IBM Plex Sans", weights=(400, 700)), "system-ui", "sans-serif"],
        font_mono=[fonts.LocalFont("IBM Plex Mono", weights=(400, 700)), "ui-monospace", "monospace"],
    )
    values = {name: value for value, names in _TOKENS.items() for name in names.split()}
    known = Base.set.__code__.co_varnames
    dark = {f"{name}_dark": value for name, value in values.items() if f"{name}_dark" in known}
    return theme.set(**values, **dark)
