"""The worker's side of training: model loading, LoRA, probes, checkpoints, reporting. Importing it loads no torch."""
