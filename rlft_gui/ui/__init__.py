"""The screens: the only place, with rlft_gui.server, that knows Gradio. They read rows and ask services."""
