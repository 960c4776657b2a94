"""What fine-tuning costs: data, computing, people, and the upkeep afterwards."""

from roi_xl.functions.declare import ft
from roi_xl.model.defaults import (
    GPU_COST_PER_HOUR,
    GPU_COUNT,
    HOURLY_RATE,
    MONTHS_PER_YEAR,
    NUM_ITERATIONS,
    TRAINING_HOURS,
)
from roi_xl.units import (
    COUNT,
    GPUS,
    HOURS,
    HOURS_PER_ITERATION,
    HOURS_PER_MONTH,
    MONEY,
    MONEY_PER_GPU_HOUR,
    MONEY_PER_HOUR,
    MONEY_PER_MONTH,
    MONEY_PER_RETRAINING,
    MONEY_PER_SAMPLE,
    RETRAININGS_PER_YEAR,
    SAMPLES,
)


@ft("FT_DATA_COST", group="cost", example=((40, 50), 2000.0))
def data_cost(
    data_preparation_hours: HOURS,
    hourly_rate: MONEY_PER_HOUR = HOURLY_RATE,
    labelled_samples: SAMPLES = 0.0,
    label_cost_per_sample: MONEY_PER_SAMPLE = 0.0,
) -> MONEY:
    """One-off cost in USD of collecting, cleaning and labelling the training data.

    Args:
        data_preparation_hours: working hours spent on the data, at least 0.
        hourly_rate: MONEY per working hour, at least 0.
        labelled_samples: samples labelled at a price per piece, at least 0.
        label_cost_per_sample: MONEY per labelled sample, at least 0.

    Returns:
        USD, in the broadcast shape of the arguments.

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
    """One-off cost in USD of renting the GPUs for all training iterations.

    Args:
        gpu_cost_per_hour: MONEY per hour of ONE GPU, at least 0.
        training_hours: wall-clock hours of one iteration, at least 0.
        num_iterations: training runs until the model is good enough, at least 0.
        gpu_count: GPUs used at the same time, at least 0.

    Returns:
        USD, in the broadcast shape of the arguments.

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
    """One-off cost in USD of the engineers who run and tune the training iterations.

    Args:
        engineer_hours_per_iteration: ML engineers' hours for one iteration, at least 0.
        hourly_rate: MONEY per working hour, at least 0.
        num_iterations: training runs until the model is good enough, at least 0.

    Returns:
        USD, in the broadcast shape of the arguments.

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
    """Total one-off investment in MONEY: data, GPUs and people.

    Args:
        data_preparation_hours: working hours spent on the data, at least 0.
        hourly_rate: MONEY per working hour, at least 0.
        gpu_cost_per_hour: MONEY per hour of ONE GPU, at least 0.
        training_hours: wall-clock hours of one iteration, at least 0.
        num_iterations: training runs until the model is good enough, at least 0.
        gpu_count: GPUs used at the same time, at least 0.
        engineer_hours_per_iteration: ML engineers' hours for one iteration, at least 0.

    Returns:
        USD, in the broadcast shape of the arguments.

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


@ft(group="cost")
def investment(data_cost: MONEY, compute_cost: MONEY, people_cost: MONEY) -> MONEY:
    """Total one-off investment in USD, from its three branches."""
    return data_cost + compute_cost + people_cost


@ft("FT_MAINTENANCE_COST", group="cost", example=((4, 300, 6, 2, 50), 500.0))
def maintenance_cost(
    retrainings_per_year: RETRAININGS_PER_YEAR = 0.0,
    cost_per_retraining: MONEY_PER_RETRAINING = 0.0,
    regression_test_hours_per_month: HOURS_PER_MONTH = 0.0,
    versioning_hours_per_month: HOURS_PER_MONTH = 0.0,
    hourly_rate: MONEY_PER_HOUR = HOURLY_RATE,
) -> MONEY_PER_MONTH:
    """Recurring cost in USD per month of keeping the tuned model good: retraining, testing, versions.

    Args:
        retrainings_per_year: retrainings a year, at least 0.
        cost_per_retraining: MONEY for one retraining, at least 0.
        regression_test_hours_per_month: working hours a month for regression tests, at least 0.
        versioning_hours_per_month: working hours a month for version management, at least 0.
        hourly_rate: MONEY per working hour, at least 0.

    Returns:
        USD per month, in the broadcast shape of the arguments.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_MAINTENANCE_COST"]`, for negative arguments.

    Source:
        The source document, cost structure (upkeep) and its "hidden costs".

    Example:
        >>> maintenance_cost(4.0, 300.0, 6.0, 2.0, 50.0)
        500.0
    """
    retraining = retrainings_per_year * cost_per_retraining / MONTHS_PER_YEAR
    hours = regression_test_hours_per_month + versioning_hours_per_month
    return retraining + hours * hourly_rate
