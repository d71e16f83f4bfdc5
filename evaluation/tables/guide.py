"""How to read each figure of `evaluate table`, in one line."""

HOW_TO_READ = {
    "ks": (
        "largest difference of the distribution functions, mean over the columns of numbers; lower "
        "is better, down to the real figure"
    ),
    "total_variation": (
        "half the sum of differences in shares, mean over the categorical columns; lower is "
        "better; the real figure of the target is near 0, as the split keeps the classes' shares"
    ),
    "correlation_difference": (
        "mean |difference| of Pearson's correlations over all pairs; lower is better, down to the "
        "real figure"
    ),
    "rank_correlation_difference": "the same of Spearman's, which no outlier moves",
    "joint_total_variation": (
        "the same for pairs with a category, as differences of their joint shares"
    ),
    "precision": "share of synthetic rows among real ones; below the real figure: unlikely rows",
    "recall": "share of real rows among synthetic ones; below the real figure: rows left out",
    "density": "as precision, but far-off real rows count less; can exceed 1",
    "coverage": "as recall, but far-off synthetic rows do not help",
    "detection_auc": (
        "how well an SVM tells the rows from held-out real ones; 0.5 or, with few rows, less: it "
        "cannot; much above the real figure: they differ in some way"
    ),
    "exact_copies": (
        "share of rows equal to a training row; above the real figure: training rows are given away"
    ),
    "near_copies": (
        "share of rows at most half as far from a training row as its nearest other training row; "
        "above the real figure: training rows are given away but for a little noise"
    ),
    "nearer_to_training": (
        "share of rows nearer to training rows than to as many held-out ones; above the real "
        "figure: the rows lean on the training rows"
    ),
    "attack_auc_distance": (
        "how well the nearest synthetic row tells training rows from held-out ones; 0.5: not at "
        "all; near 0.5 says only that this attack found nothing"
    ),
    "attack_auc_calibrated": (
        "the same, set against the nearest of other real rows; near 0.5 says only that this attack "
        "found nothing"
    ),
}
