"""What fine-tuning costs: data, computing, people, and the upkeep afterwards."""

from roi_xl.functions.declare import ft
from roi_xl.model.defaults import (
    GPU_COST_PER_HOUR,
    GPU_COUNT,
    HOURLY_RATE,
    MONTHS_PER_YEAR,
    NUM_ITERATIONS,
    TOKENS_PER_MILLION,
    TRAINING_HOURS,
)
from roi_xl.units import (
    COUNT,
    EPOCHS,
    GPUS,
    HOURS,
    HOURS_PER_ITERATION,
    HOURS_PER_MONTH,
    MONEY,
    MONEY_PER_GPU_HOUR,
    MONEY_PER_HOUR,
    MONEY_PER_MILLION_TOKENS,
    MONEY_PER_MONTH,
    MONEY_PER_RETRAINING,
    MONEY_PER_SAMPLE,
    RETRAININGS_PER_YEAR,
    SAMPLES,
    SHARE_OF_COST,
    TOKENS_PER_SAMPLE,
)


@ft("FT_DATA_COST", group="cost", example=((40, 50), 2000.0))
def data_cost(
    data_preparation_hours: HOURS,
    hourly_rate: MONEY_PER_HOUR = HOURLY_RATE,
    labelled_samples: SAMPLES = 0.0,
    label_cost_per_sample: MONEY_PER_SAMPLE = 0.0,
) -> MONEY:
    """One-off cost of collecting, cleaning and labelling the training data.

    Args:
        data_preparation_hours: working hours spent on the data, at least 0.
        hourly_rate: amount per working hour, at least 0.
        labelled_samples: samples labelled at a price per piece, at least 0.
        label_cost_per_sample: amount per labelled sample, at least 0.

    Returns:
        an amount, in the broadcast shape of the arguments.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_DATA_COST"]`, for blank or negative arguments.

    Source:
        The source document, cost structure and `total_data_cost`; labelling by the piece is added.

    Example:
        >>> data_cost(40.0, 50.0)
        2000.0
    """
    return data_preparation_hours * hourly_rate + labelled_samples * label_cost_per_sample


@ft("FT_COMPUTE_COST", group="cost", example=((3, 4, 3), 36.0))
def compute_cost(
    gpu_cost_per_hour: MONEY_PER_GPU_HOUR = GPU_COST_PER_HOUR,
    training_hours: HOURS = TRAINING_HOURS,
    num_iterations: COUNT = NUM_ITERATIONS,
    gpu_count: GPUS = GPU_COUNT,
) -> MONEY:
    """One-off cost of renting the GPUs for all training iterations.

    Args:
        gpu_cost_per_hour: amount per hour of ONE GPU, at least 0.
        training_hours: wall-clock hours of one iteration, at least 0.
        num_iterations: training runs until the model is good enough, at least 0.
        gpu_count: GPUs used at the same time, at least 0.

    Returns:
        an amount, in the broadcast shape of the arguments.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_COMPUTE_COST"]`, for text or negative arguments.

    Source:
        The source document, `total_compute_cost`, times the number of GPUs.

    Example:
        >>> compute_cost(3.0, 4.0, 3.0)
        36.0
    """
    return gpu_cost_per_hour * training_hours * num_iterations * gpu_count


@ft("FT_PEOPLE_COST", group="cost", example=((16, 50, 3), 2400.0))
def people_cost(
    engineer_hours_per_iteration: HOURS_PER_ITERATION,
    hourly_rate: MONEY_PER_HOUR = HOURLY_RATE,
    num_iterations: COUNT = NUM_ITERATIONS,
) -> MONEY:
    """One-off cost of the engineers who run and tune the training iterations.

    Args:
        engineer_hours_per_iteration: ML engineers' hours for one iteration, at least 0.
        hourly_rate: amount per working hour, at least 0.
        num_iterations: training runs until the model is good enough, at least 0.

    Returns:
        an amount, in the broadcast shape of the arguments.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_PEOPLE_COST"]`, for blank or negative arguments.

    Source:
        The source document, cost structure (people), which its calculator leaves out.

    Example:
        >>> people_cost(16.0, 50.0, 3.0)
        2400.0
    """
    return engineer_hours_per_iteration * hourly_rate * num_iterations


@ft("FT_TOTAL_COST", group="cost", example=((40, 50, 3, 4, 3), 2036.0))
def total_cost(
    data_preparation_hours: HOURS,
    hourly_rate: MONEY_PER_HOUR = HOURLY_RATE,
    gpu_cost_per_hour: MONEY_PER_GPU_HOUR = GPU_COST_PER_HOUR,
    training_hours: HOURS = TRAINING_HOURS,
    num_iterations: COUNT = NUM_ITERATIONS,
    gpu_count: GPUS = GPU_COUNT,
    engineer_hours_per_iteration: HOURS_PER_ITERATION = 0.0,
) -> MONEY:
    """Total one-off investment: data, GPUs and people.

    Args:
        data_preparation_hours: working hours spent on the data, at least 0.
        hourly_rate: amount per working hour, at least 0.
        gpu_cost_per_hour: amount per hour of ONE GPU, at least 0.
        training_hours: wall-clock hours of one iteration, at least 0.
        num_iterations: training runs until the model is good enough, at least 0.
        gpu_count: GPUs used at the same time, at least 0.
        engineer_hours_per_iteration: ML engineers' hours for one iteration, at least 0.

    Returns:
        an amount, in the broadcast shape of the arguments.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_TOTAL_COST"]`, for blank or negative arguments.

    Source:
        The source document, `total_cost`, with GPUs and people added.

    Example:
        >>> total_cost(40.0, 50.0, 3.0, 4.0, 3.0)
        2036.0
    """
    return (
        data_cost(data_preparation_hours, hourly_rate)
        + compute_cost(gpu_cost_per_hour, training_hours, num_iterations, gpu_count)
        + people_cost(engineer_hours_per_iteration, hourly_rate, num_iterations)
    )


@ft("FT_HOSTED_TRAINING_COST", group="cost", example=((1000, 500, 3, 8), 36.0))
def hosted_training_cost(
    samples: SAMPLES,
    tokens_per_sample: TOKENS_PER_SAMPLE,
    epochs: EPOCHS,
    price_per_million: MONEY_PER_MILLION_TOKENS,
    num_iterations: COUNT = NUM_ITERATIONS,
) -> MONEY:
    """One-off cost of fine-tuning at a provider that charges by training tokens.

    Args:
        samples: training samples, at least 0.
        tokens_per_sample: tokens per sample, at least 0.
        epochs: passes over the samples, at least 0.
        price_per_million: amount per million training tokens, at least 0.
        num_iterations: training runs until the model is good enough, at least 0.

    Returns:
        an amount, in the broadcast shape of the arguments.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_HOSTED_TRAINING_COST"]`.

    Source:
        How providers bill supervised fine-tuning: samples x tokens x epochs at a price per million.

    Example:
        >>> hosted_training_cost(1000.0, 500.0, 3.0, 8.0)
        36.0
    """
    tokens_m = samples * tokens_per_sample * epochs / TOKENS_PER_MILLION
    return tokens_m * price_per_million * num_iterations


@ft(group="cost")
def contingency(
    data_cost: MONEY,
    compute_cost: MONEY,
    people_cost: MONEY,
    hosted_training_cost: MONEY,
    other_one_off_cost: MONEY = 0.0,
    contingency_share: SHARE_OF_COST = 0.0,
) -> MONEY:
    """Reserve on the whole one-off cost."""
    planned = data_cost + compute_cost + people_cost + hosted_training_cost + other_one_off_cost
    return planned * contingency_share


@ft(group="cost")
def investment(
    data_cost: MONEY,
    compute_cost: MONEY,
    people_cost: MONEY,
    hosted_training_cost: MONEY,
    other_one_off_cost: MONEY,
    contingency: MONEY,
) -> MONEY:
    """Total one-off investment: data, compute, labour, hosted training, other cost and reserve."""
    planned = data_cost + compute_cost + people_cost + hosted_training_cost + other_one_off_cost
    return planned + contingency


@ft(group="cost")
def retraining_cost(
    retrainings_per_year: RETRAININGS_PER_YEAR = 0.0,
    cost_per_retraining: MONEY_PER_RETRAINING = 0.0,
) -> MONEY_PER_MONTH:
    """Cost of retraining per month."""
    return retrainings_per_year * cost_per_retraining / MONTHS_PER_YEAR


@ft(group="cost")
def run_labour(
    regression_test_hours_per_month: HOURS_PER_MONTH = 0.0,
    versioning_hours_per_month: HOURS_PER_MONTH = 0.0,
    hourly_rate: MONEY_PER_HOUR = HOURLY_RATE,
) -> MONEY_PER_MONTH:
    """Labour of a month's regression tests and version management, at today's wages."""
    return (regression_test_hours_per_month + versioning_hours_per_month) * hourly_rate


@ft("FT_MAINTENANCE_COST", group="cost", example=((4, 300, 6, 2, 50), 500.0))
def maintenance_cost(
    retrainings_per_year: RETRAININGS_PER_YEAR = 0.0,
    cost_per_retraining: MONEY_PER_RETRAINING = 0.0,
    regression_test_hours_per_month: HOURS_PER_MONTH = 0.0,
    versioning_hours_per_month: HOURS_PER_MONTH = 0.0,
    hourly_rate: MONEY_PER_HOUR = HOURLY_RATE,
) -> MONEY_PER_MONTH:
    """Recurring cost per month of keeping the tuned model good: retraining, testing, versions.

    Args:
        retrainings_per_year: retrainings a year, at least 0.
        cost_per_retraining: amount for one retraining, at least 0.
        regression_test_hours_per_month: working hours a month for regression tests, at least 0.
        versioning_hours_per_month: working hours a month for version management, at least 0.
        hourly_rate: amount per working hour, at least 0.

    Returns:
        an amount per month, in the broadcast shape of the arguments.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_MAINTENANCE_COST"]`, for negative arguments.

    Source:
        The source document, cost structure (upkeep) and its "hidden costs".

    Example:
        >>> maintenance_cost(4.0, 300.0, 6.0, 2.0, 50.0)
        500.0
    """
    return retraining_cost(retrainings_per_year, cost_per_retraining) + run_labour(
        regression_test_hours_per_month, versioning_hours_per_month, hourly_rate
    )
