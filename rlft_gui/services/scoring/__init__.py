"""Scores of any text: by the reward models that were trained here, by rules, by gold on Lantern, by a judge."""
