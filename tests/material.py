"""Where the app teaches each part of the lesson's material: part, page, and the experiment that shows it."""

from typing import Literal, NamedTuple

Kind = Literal["run", "preset", "picture", "bill", "recipe", "bug", "biases"]


class Part(NamedTuple):
    """One part of the textbook lesson.

    Attributes:
        section: 1 to 7, and 8 for what the textbook leaves out.
        says: the part, in a few words.
        page: stem of the page that has it.
        kind: of its experiment: an entry of `EXPERIMENTS`, a run on Train live, a picture to move, and so on.
        name: of the experiment; for a picture the key of its figure.
    """

    section: int
    says: str
    page: str
    kind: Kind
    name: str


MATERIAL: tuple[Part, ...] = (
    Part(1, "the penalty is λ Σ|w|", "what_is_l1", "bill", "cross_entropy"),
    Part(1, "total loss: the original loss plus the penalty", "what_is_l1", "bill", "cross_entropy"),
    Part(1, "the original loss is cross-entropy", "train_live", "preset", "exact_zeros"),
    Part(1, "or mean squared error", "what_is_l1", "bill", "mse"),
    Part(1, "mean squared error, trained", "train_live", "preset", "rotated_digits"),
    Part(1, "λ is the regularization strength", "what_is_l1", "picture", "what_is_l1_one_weight"),
    Part(1, "many weights end at zero", "does_it_deliver", "run", "sparsity"),
    Part(2, "why: feature selection", "does_it_deliver", "run", "feature_selection"),
    Part(2, "why: prevents overfitting", "does_it_deliver", "run", "generalization"),
    Part(2, "why: interpretability", "does_it_deliver", "run", "interpretability"),
    Part(2, "why: simpler models, memory and computation", "does_it_deliver", "run", "smaller"),
    Part(3, "the penalty grows with the magnitude", "what_is_l1", "picture", "what_is_l1_price"),
    Part(3, "weights shrink towards zero", "what_is_l1", "picture", "what_is_l1_shrinkage"),
    Part(3, "and the unimportant ones reach it", "what_is_l1", "picture", "what_is_l1_two_weights"),
    Part(3, "how an update makes a zero", "how_zeros_happen", "picture", "how_zeros_methods"),
    Part(3, "why a zero stays", "how_zeros_happen", "picture", "how_zeros_stay"),
    Part(3, "during training: both terms fall", "how_zeros_happen", "run", "zeros_by_method"),
    Part(3, "during inference: the zeros drop out", "how_zeros_happen", "run", "zeros_by_method"),
    Part(4, "convolutional, fully connected, all layers", "l1_in_a_cnn", "run", "zeros_by_target"),
    Part(4, "any other learnable layer", "l1_in_a_cnn", "run", "batch_norm_target"),
    Part(4, "usually the fully connected: most weights", "l1_in_a_cnn", "picture", "l1_in_a_cnn_network"),
    Part(4, "usually the fully connected: measured", "does_it_deliver", "run", "fully_connected"),
    Part(4, "useful with small data or many parameters", "does_it_deliver", "run", "generalization"),
    Part(5, "the recipe, line by line", "l1_in_pytorch", "recipe", "textbook_recipe"),
    Part(5, "the recipe, one click away", "train_live", "preset", "textbook_recipe"),
    Part(5, "fc1 = Linear(64·28·28, 128) crashes", "l1_in_pytorch", "bug", "64 · 28 · 28"),
    Part(5, "it penalises biases too", "l1_in_pytorch", "biases", "textbook_recipe"),
    Part(6, "advantage: sparsity", "does_it_deliver", "run", "sparsity"),
    Part(6, "advantage: feature selection", "does_it_deliver", "run", "feature_selection"),
    Part(6, "advantage: generalization", "does_it_deliver", "run", "generalization"),
    Part(6, "advantage: interpretability", "does_it_deliver", "run", "interpretability"),
    Part(7, "loss of precision", "does_it_deliver", "run", "precision"),
    Part(7, "non-smooth at zero", "does_it_deliver", "run", "non_smooth"),
    Part(7, "non-smooth: it hovers", "how_zeros_happen", "picture", "how_zeros_hover"),
    Part(7, "limited to linear models unless combined with L2", "does_it_deliver", "run", "linear_only"),
    Part(7, "elastic net: L1 combined with L2", "does_it_deliver", "run", "feature_selection"),
    Part(8, "lowering λ lets weights return", "how_zeros_happen", "run", "zeros_return"),
    Part(8, "unless the whole network has died", "does_it_deliver", "run", "zeros_return"),
    Part(8, "what batch size and momentum change", "how_zeros_happen", "run", "zeros_by_batch"),
    Part(8, "a falling rate makes no zeros", "how_zeros_happen", "picture", "how_zeros_rate"),
    Part(8, "one layer alone can be gamed", "l1_in_a_cnn", "picture", "l1_in_a_cnn_rescaling"),
)
