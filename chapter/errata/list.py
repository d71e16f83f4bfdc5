"""`errata`: every erratum of docs/errata.md, its defect and its cure measured side by side."""

from chapter.errata.entry import Erratum
from chapter.errata.gan.listing import (
    combined_model,
    deprecated_input_dim,
    fixed_image_size,
    nothing_saved,
    old_python,
    step_without_result,
    undefined_names,
)
from chapter.errata.gan.objective import exchanged_order
from chapter.errata.gan.training import (
    neither_flat_nor_scaled,
    no_labels,
    sigmoid_into_logits,
    smaller_last_batch,
)
from chapter.errata.others.data import (
    one_dimension_at_a_time,
    prepared_before_the_split,
    regression_alone,
)
from chapter.errata.others.models import (
    discriminative_lda,
    hidden_markov_formula,
    logistic_for_regression,
    svm_without_kernel,
    weights_without_constraint,
)
from chapter.errata.text.listing import (
    chance_of_a_text,
    displayed_loss,
    dropout_forgotten,
    nothing_written,
    undefined_optimizer,
    words_or_characters,
)
from chapter.errata.text.mixing import mixed_with_its_source
from chapter.errata.text.training import (
    logits_as_probabilities,
    no_next_character,
    state_thrown_away,
)

ERRATA = (
    Erratum(
        "E1",
        "5.2.1, the discriminator's last layer and the loss",
        "Sigmoid output into a loss that expects logits",
        sigmoid_into_logits,
    ),
    Erratum(
        "E2",
        "5.2.1, the noise of a step",
        "Noise of a fixed batch size against a smaller last batch",
        smaller_last_batch,
    ),
    Erratum("E3", "5.2.1, the loop", "Names used but never defined", undefined_names),
    Erratum("E4", "5.2.1, the step", "A training step that returns nothing", step_without_result),
    Erratum("E5", "5.2.1 and 5.3.1", "A combined model that nothing uses", combined_model),
    Erratum(
        "E6",
        "5.1.2 and 5.2.1, the data",
        "Images neither flattened nor scaled to tanh's range",
        neither_flat_nor_scaled,
    ),
    Erratum("E7", "5.2.1 and 5.4", "Nothing is saved or generated", nothing_saved),
    Erratum(
        "E8",
        "4.2.2 against 5.2.1",
        "Max and min exchanged, and a listing that trains another loss",
        exchanged_order,
    ),
    Erratum("E9", "4.3.1, step 3", "Generated images without labels", no_labels),
    Erratum("E10", "5.2.1, first layers", "`input_dim` is deprecated", deprecated_input_dim),
    Erratum(
        "E11",
        "4.3.1 and 5.1.2 against 5.2.1",
        "CIFAR-10 named, 784 values drawn",
        fixed_image_size,
    ),
    Erratum(
        "E12",
        "7.3, third reference",
        "A title and authors that do not belong together",
        correction=(
            "Isola et al., CVPR 2017, is Image-to-Image Translation with Conditional Adversarial "
            "Networks; the paper on augmentation with GANs is Antoniou, Storkey and Edwards 2017, "
            "Data Augmentation Generative Adversarial Networks (arXiv:1711.04340)"
        ),
    ),
    Erratum("E13", "5.1.1", "Python 3.8 is too old", old_python),
    Erratum(
        "E14",
        "5.2.2, compile and the step",
        "An optimizer that nothing defines, and one that nothing uses",
        undefined_optimizer,
    ),
    Erratum("E15", "5.2.2, the loop", "The displayed loss is a function", displayed_loss),
    Erratum(
        "E16",
        "5.2.2, both functions",
        "A batch size that nothing reads, and a state thrown away after each batch",
        state_thrown_away,
    ),
    Erratum(
        "E17",
        "4.3.2, steps 1 and 2, and 5.2.2",
        "Nothing turns a text into inputs and targets",
        no_next_character,
    ),
    Erratum(
        "E18",
        "5.3.2 against 5.2.2",
        "A probability distribution promised, logits computed",
        logits_as_probabilities,
    ),
    Erratum("E19", "5.2.2 and 5.4", "Text generation without a generated text", nothing_written),
    Erratum(
        "E20",
        "5.3.2 against 5.2.2",
        "Words in the prose, unnamed units in the listing",
        words_or_characters,
    ),
    Erratum(
        "E21",
        "4.3.2, step 3, and 6.2",
        "Diversity from a text's own imitation",
        mixed_with_its_source,
    ),
    Erratum("E22", "5.2.2, the step", "A step that never says that it trains", dropout_forgotten),
    Erratum(
        "E23",
        "3.1, 4.1.1, 4.2 and Q2 against 4.3.2",
        "No formula and no place for the text model",
        chance_of_a_text,
    ),
    Erratum(
        "E24",
        "7.3, second reference",
        "A paper on captions under another title and venue",
        correction=(
            "Vinyals, Toshev, Bengio and Erhan, Show and Tell: A Neural Image Caption Generator, "
            "CVPR 2015 (arXiv:1411.4555); on generating text without an image: Sutskever, Martens "
            "and Hinton, Generating Text with Recurrent Neural Networks, ICML 2011, and Graves "
            "2013, Generating Sequences With Recurrent Neural Networks (arXiv:1308.0850)"
        ),
    ),
    Erratum(
        "E25",
        "7.3, fourth reference",
        "A paper that could not be found",
        correction=(
            "no paper of this title, by an author of this name, was found; on the subject: van "
            "Breugel, Seedat, Imrie and van der Schaar, Can You Rely on Your Model Evaluation? "
            "Improving Model Evaluation with Synthetic Test Data, NeurIPS 2023 (arXiv:2310.16524)"
        ),
    ),
    Erratum(
        "E26",
        "4.2.1, the density of the mixture",
        "Weights that nothing makes a distribution",
        weights_without_constraint,
    ),
    Erratum(
        "E27",
        "3.1, the list of generative models",
        "The variational autoencoder among the adversarial models",
        correction=(
            "nothing in a VAE works against anything: encoder and decoder climb the same bound on "
            "ln p(x) (Kingma and Welling 2014, Auto-Encoding Variational Bayes, arXiv:1312.6114); "
            "it is a probabilistic model with hidden variables, as GMM and HMM are"
        ),
    ),
    Erratum(
        "E28",
        "8.1, fourth trend",
        "The Gaussian mixture among the deep models",
        correction=(
            "a mixture has one layer of hidden variables and no network, and EM for it is from "
            "1977 (Dempster, Laird and Rubin, Maximum Likelihood from Incomplete Data via the EM "
            "Algorithm); of the two models named only the VAE is deep"
        ),
    ),
    Erratum(
        "E29",
        "4.1.2, first item",
        "LDA among the models that have no p(x)",
        discriminative_lda,
    ),
    Erratum("E30", "4.1.2, third item", "An SVM is not non-linear by itself", svm_without_kernel),
    Erratum(
        "E31",
        "4.1.2, second item",
        "Logistic regression does no regression",
        logistic_for_regression,
    ),
    Erratum(
        "E32",
        "3.1 and 3.2.2",
        "A regression alone generates no x",
        regression_alone,
    ),
    Erratum(
        "E33",
        "2.1.2 and 2.1.3 against Q2",
        "Two divisions of the methods that contradict each other",
        correction=(
            "2.1.2 calls sample-based what generates samples directly, feature-based what gives "
            "feature distributions; Q2 puts GAN and VAE, which generate samples directly, under "
            "feature-based, and augmentation under sample-based, which 2.1.3 places in the feature "
            "domain. A division that holds: is the new sample made from one or two real ones "
            "(augmentation, interpolation), or drawn from a distribution learnt from all of them "
            "(inverse transform, GMM, HMM, VAE, GAN, LSTM)?"
        ),
    ),
    Erratum(
        "E34",
        "4.1.1 and 3.1 against 4.2",
        "Models that are named and never defined",
        hidden_markov_formula,
    ),
    Erratum(
        "E35",
        "3.2.3, the inverse transform",
        "A method for one dimension, offered for tables and images",
        one_dimension_at_a_time,
    ),
    Erratum(
        "E36",
        "3.2.1, selection and scaling",
        "Nothing says that preparation sees the training part only",
        prepared_before_the_split,
    ),
)
