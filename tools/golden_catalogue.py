"""The goldens: tiny random checkpoints, each made to exercise what a Java decoder could get wrong.

`contrasts` are small changes of the config (a neighbouring reading of the same file). The
script measures how far each moves the logits and refuses a golden that would not notice.
The entries are in `goldens/`, one file for a group of families.
"""

from goldens.convolutions import CONVOLUTIONS
from goldens.dense import DENSE
from goldens.descendants import DESCENDANTS
from goldens.experts import EXPERTS
from goldens.falcon import FALCON
from goldens.gemma import GEMMA
from goldens.gemma3 import GEMMA3
from goldens.gemma4 import GEMMA4
from goldens.glm_deepseek import GLM_DEEPSEEK
from goldens.glm_exaone_ernie import GLM_EXAONE_ERNIE
from goldens.gpt import GPT
from goldens.gpt_oss import GPT_OSS
from goldens.hybrids import HYBRIDS
from goldens.llama import LLAMA
from goldens.llama4 import LLAMA4
from goldens.more_dense import MORE_DENSE
from goldens.more_experts import MORE_EXPERTS
from goldens.olmo_granite_stablelm import OLMO_GRANITE_STABLELM
from goldens.olmo3 import OLMO3
from goldens.opt_bloom_phi import OPT_BLOOM_PHI
from goldens.phi3 import PHI3
from goldens.qwen import QWEN
from goldens.qwen35 import QWEN35
from goldens.rope_scaling import ROPE_SCALING
from goldens.scans import SCANS
from goldens.state_spaces import STATE_SPACES

CATALOGUE = (
    LLAMA + LLAMA4 + ROPE_SCALING + QWEN + GEMMA + GEMMA3 + GEMMA4 + GPT + OPT_BLOOM_PHI + PHI3
    + OLMO_GRANITE_STABLELM + OLMO3 + FALCON + EXPERTS + GPT_OSS + HYBRIDS + QWEN35 + CONVOLUTIONS + SCANS + STATE_SPACES
    + GLM_DEEPSEEK + MORE_EXPERTS + DENSE + MORE_DENSE + DESCENDANTS + GLM_EXAONE_ERNIE
)
