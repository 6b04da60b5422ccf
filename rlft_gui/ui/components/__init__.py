"""What several pages share: Python beside the script and the style of the same name."""
