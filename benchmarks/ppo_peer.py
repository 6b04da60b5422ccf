"""TRL 1.12's PPOTrainer on what benchmarks/ppo.py prepared: `python ppo_peer.py FOLDER speed|memory lora|full BATCH`.

Runs in an environment of its own, so it imports nothing of this project. Prints one JSON object.
"""

import copy
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")


def main(path: Path, what: str, tuning: str, batch: int) -> None:
    import torch
    from datasets import Dataset
    from transformers import AutoTokenizer, PrinterCallback
    from trl.experimental.ppo import PPOConfig, PPOTrainer

    torch.set_num_threads(1)
    asked = json.loads((path / "settings.json").read_text())[what]
    tokenizer = AutoTokenizer.from_pretrained(path / what / "base", padding_side="left")
    prompts = [
        list(tokenizer.apply_chat_template(prompt, add_generation_prompt=True, tokenize=True)["input_ids"])
        for prompt in json.loads((path / "prompts.json").read_text())
    ]
    arguments = PPOConfig(
        output_dir=str(path / "peer"),
        learning_rate=asked["learning_rate"],
        per_device_train_batch_size=batch,
        gradient_accumulation_steps=asked["rollouts"] // batch,
        num_mini_batches=asked["minibatches"],
        num_ppo_epochs=asked["ppo_epochs"],
        local_rollout_forward_batch_size=batch,
        total_episodes=asked["steps"] * asked["rollouts"],
        response_length=asked["max_new_tokens"],
        stop_token="eos",
        temperature=1.0,
        kl_coef=asked["kl_coefficient"],
        missing_eos_penalty=1.0,
        num_sample_generations=0,
        save_strategy="no",
        report_to="none",
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        disable_tqdm=True,
        seed=0,
    )
    policy = _causal(path / what / "base")
    clock, ends = _clock()
    trainer = PPOTrainer(
        args=arguments,
        processing_class=tokenizer,
        model=policy,
        ref_model=None if tuning == "lora" else copy.deepcopy(policy),
        reward_model=_scoring(path / what / "reward"),
        value_model=_scoring(path / what / "reward"),
        train_dataset=Dataset.from_list([{"input_ids": ids} for ids in prompts]),
        eval_dataset=Dataset.from_list([{"input_ids": ids} for ids in prompts[:8]]),
        callbacks=[clock],
        peft_config=_adapter(asked) if tuning == "lora" else None,
    )
    trainer.remove_callback(PrinterCallback)
    sampled = _note_lengths(tokenizer.eos_token_id)
    trainer.train()
    spent = ends[-1] - ends[0]
    print(
        json.dumps(
            {
                "samples_per_second": (asked["steps"] - 1) * asked["rollouts"] / spent,
                "length": sum(sampled) / len(sampled),
                "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


def _causal(folder: Path) -> Any:
    import torch
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)


def _scoring(folder: Path) -> Any:
    import torch
    from transformers import AutoModelForSequenceClassification

    return AutoModelForSequenceClassification.from_pretrained(folder, num_labels=1, dtype=torch.float32)


def _adapter(asked: dict[str, Any]) -> Any:
    from peft import LoraConfig

    return LoraConfig(
        r=asked["lora_rank"],
        lora_alpha=asked["lora_alpha"],
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def _clock() -> tuple[Any, list[float]]:
    """A callback, and where it notes the seconds of processor at the end of each step."""
    from transformers import TrainerCallback

    ends: list[float] = []

    class Clock(TrainerCallback):
        def on_step_end(self, *_: Any, **__: Any) -> None:
            ends.append(time.process_time())

    return Clock(), ends


def _note_lengths(end: int) -> list[float]:
    """Mean tokens of the answers up to their end, noted whenever TRL cuts them there."""
    from trl.experimental.ppo import ppo_trainer

    noted: list[float] = []
    honest = ppo_trainer.truncate_response

    def noting(stop: int, pad: int, responses: Any) -> Any:
        ended = (responses == end).cumsum(dim=1).clamp(max=1)
        noted.append(float((1 - ended).sum(dim=1).add(1).clamp(max=responses.shape[1]).float().mean()))
        return honest(stop, pad, responses)

    ppo_trainer.truncate_response = noting
    return noted


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
