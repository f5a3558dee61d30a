"""Twenty networks of transformers, small ones of their kinds, and what each takes."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["TRANSFORMERS"]

Made = Callable[[], tuple[nn.Module, Mapping[str, Any]]]

DECODER = {
    "vocab_size": 100, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "pad_token_id": 0,
}  # fmt: skip
ENCODER = {name: DECODER[name] for name in DECODER if name != "num_key_value_heads"}
IMAGES = {
    "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
    "image_size": 32, "patch_size": 8,
}  # fmt: skip


def words() -> dict[str, Tensor]:
    return {"input_ids": torch.arange(1, 13).view(2, 6)}


def image(side: int = 32) -> dict[str, Tensor]:
    return {"pixel_values": torch.randn(1, 3, side, side)}


def both() -> dict[str, Tensor]:
    return {**words(), "decoder_input_ids": torch.arange(1, 9).view(2, 4)}


def sound() -> dict[str, Tensor]:
    return {"input_values": torch.randn(1, 4000)}


def network(
    config: str, head: str, settings: Mapping[str, Any], inputs: Callable[[], dict[str, Tensor]]
) -> Made:
    """What makes a network from the name of its configuration and of its class."""

    def make() -> tuple[nn.Module, Mapping[str, Any]]:
        transformers: Any = import_module("transformers")
        module = getattr(transformers, head)(getattr(transformers, config)(**settings))
        return module, inputs()

    return make


MIXTURE = {**DECODER, "num_local_experts": 4, "num_experts_per_tok": 2}
GPT2 = {"vocab_size": 100, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 32}
T5 = {"vocab_size": 100, "d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4}
BART = {
    "vocab_size": 100, "d_model": 32, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 4,
    "decoder_attention_heads": 4, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64, "max_position_embeddings": 32,
}  # fmt: skip
SWIN = {
    "image_size": 32,
    "patch_size": 2,
    "embed_dim": 16,
    "depths": [1, 1],
    "num_heads": [2, 4],
    "window_size": 4,
}
CONVNEXT = {"hidden_sizes": [8, 16, 16, 16], "depths": [1, 1, 1, 1]}
SEGFORMER = {"hidden_sizes": [8, 16, 16, 16], "depths": [1, 1, 1, 1], "decoder_hidden_size": 16}
MAMBA = {"vocab_size": 100, "hidden_size": 32, "num_hidden_layers": 2, "state_size": 4}
WAV2VEC2 = {
    **ENCODER,
    "conv_dim": [16] * 7,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 4,
}

TRANSFORMERS: dict[str, Made] = {
    "bert": network("BertConfig", "BertModel", ENCODER, words),
    "roberta": network("RobertaConfig", "RobertaForMaskedLM", ENCODER, words),
    "electra": network("ElectraConfig", "ElectraModel", ENCODER, words),
    "albert": network("AlbertConfig", "AlbertModel", {**ENCODER, "embedding_size": 16}, words),
    "gpt2": network("GPT2Config", "GPT2LMHeadModel", GPT2, words),
    "llama": network("LlamaConfig", "LlamaForCausalLM", DECODER, words),
    "mistral": network("MistralConfig", "MistralForCausalLM", {**DECODER, "sliding_window": 4}, words),
    "mixtral": network("MixtralConfig", "MixtralForCausalLM", MIXTURE, words),
    "qwen2": network("Qwen2Config", "Qwen2ForCausalLM", DECODER, words),
    "gemma": network("GemmaConfig", "GemmaForCausalLM", {**DECODER, "head_dim": 8}, words),
    "t5": network("T5Config", "T5ForConditionalGeneration", T5, both),
    "bart": network("BartConfig", "BartModel", BART, both),
    "mamba": network("MambaConfig", "MambaForCausalLM", MAMBA, words),
    "vit": network("ViTConfig", "ViTForImageClassification", IMAGES, image),
    "beit": network("BeitConfig", "BeitModel", IMAGES, image),
    "dinov2": network("Dinov2Config", "Dinov2Model", IMAGES, image),
    "swin": network("SwinConfig", "SwinModel", SWIN, image),
    "convnext": network("ConvNextConfig", "ConvNextModel", CONVNEXT, image),
    "segformer": network("SegformerConfig", "SegformerForSemanticSegmentation", SEGFORMER, lambda: image(64)),
    "wav2vec2": network("Wav2Vec2Config", "Wav2Vec2Model", WAV2VEC2, sound),
}
