"""What a person asks for: methods and presets to choose from, text forms, planning, and the launch."""
