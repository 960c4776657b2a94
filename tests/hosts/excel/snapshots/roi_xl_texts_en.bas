'The texts of the function wizard.
Option Explicit
Option Private Module

Public Sub FtDescribeAll()
    Describe_FT_DATA_COST
    Describe_FT_COMPUTE_COST
    Describe_FT_PEOPLE_COST
    Describe_FT_TOTAL_COST
    Describe_FT_HOSTED_TRAINING_COST
    Describe_FT_MAINTENANCE_COST
    Describe_FT_REQUEST_COST
    Describe_FT_SERVING_COST
    Describe_FT_MONTHLY_SAVINGS
    Describe_FT_BREAKEVEN_REQUESTS
    Describe_FT_PAYBACK
    Describe_FT_ANNUAL_ROI
    Describe_FT_CASHFLOW
    Describe_FT_NPV
    Describe_FT_IRR
    Describe_FT_DISCOUNTED_PAYBACK
    Describe_FT_RECOMMEND
    Describe_FT_STRATEGY
    Describe_FT_GPU_PRICE
    Describe_FT_LLM_PRICE
    Describe_FT_TRAINING_HOURS
    Describe_FT_GPU_COUNT
    Describe_FT_REFERENCE_HOURS
    Describe_FT_SERVING_THROUGHPUT
    Describe_FT_SERVING_GPUS
    Describe_FT_CASE
    Describe_FT_RATIONALE
    Describe_FT_BREAKEVEN
    Describe_FT_SENSITIVITY
    Describe_FT_MONTE_CARLO
    Describe_FT_EXPLAIN
    Describe_FT_VERSION
End Sub

Private Sub Describe_FT_DATA_COST()
    Dim gives As String, category As String
    Dim arguments(0 To 3) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("One-off cost of collecting, cleaning and labelling the training data.")
    arguments(0) = FtText("Working hours spent on collecting, cleaning and labelling data.")
    arguments(1) = FtText("Full cost of one working hour, social charges included.")
    arguments(2) = FtText("Samples labelled at a price per sample.")
    arguments(3) = FtText("Price of one labelled sample.")
    FtDescribe "FT_DATA_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_COMPUTE_COST()
    Dim gives As String, category As String
    Dim arguments(0 To 3) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("One-off cost of renting the GPUs for all training iterations.")
    arguments(0) = FtText("Rental price of ONE training GPU per hour; blank takes it from the price sheet once a GPU is named.")
    arguments(1) = FtText("Wall-clock hours of one training run; blank is estimated once model size and samples are typed.")
    arguments(2) = FtText("Trial runs until the model is good enough; not the epochs within a run.")
    arguments(3) = FtText("GPUs used at the same time; 0 for hosted fine-tuning; blank is estimated with the training hours.")
    FtDescribe "FT_COMPUTE_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_PEOPLE_COST()
    Dim gives As String, category As String
    Dim arguments(0 To 2) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("One-off cost of the engineers who run and tune the training iterations.")
    arguments(0) = FtText("ML engineers' working hours for one training run.")
    arguments(1) = FtText("Full cost of one working hour, social charges included.")
    arguments(2) = FtText("Trial runs until the model is good enough; not the epochs within a run.")
    FtDescribe "FT_PEOPLE_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_TOTAL_COST()
    Dim gives As String, category As String
    Dim arguments(0 To 6) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Total one-off investment: data, GPUs and people.")
    arguments(0) = FtText("Working hours spent on collecting, cleaning and labelling data.")
    arguments(1) = FtText("Full cost of one working hour, social charges included.")
    arguments(2) = FtText("Rental price of ONE training GPU per hour; blank takes it from the price sheet once a GPU is named.")
    arguments(3) = FtText("Wall-clock hours of one training run; blank is estimated once model size and samples are typed.")
    arguments(4) = FtText("Trial runs until the model is good enough; not the epochs within a run.")
    arguments(5) = FtText("GPUs used at the same time; 0 for hosted fine-tuning; blank is estimated with the training hours.")
    arguments(6) = FtText("ML engineers' working hours for one training run.")
    FtDescribe "FT_TOTAL_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_HOSTED_TRAINING_COST()
    Dim gives As String, category As String
    Dim arguments(0 To 4) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("One-off cost of fine-tuning at a provider that charges by training tokens.")
    arguments(0) = FtText("Samples in the training set.")
    arguments(1) = FtText("Average tokens of a sample; the padded length where samples are not packed.")
    arguments(2) = FtText("Passes over the training samples.")
    arguments(3) = FtText("Price of a hosted service per million training tokens.")
    arguments(4) = FtText("Trial runs until the model is good enough; not the epochs within a run.")
    FtDescribe "FT_HOSTED_TRAINING_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_MAINTENANCE_COST()
    Dim gives As String, category As String
    Dim arguments(0 To 4) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Recurring cost per month of keeping the tuned model good: retraining, testing, versions.")
    arguments(0) = FtText("How often the model is trained again each year.")
    arguments(1) = FtText("Full cost of one retraining.")
    arguments(2) = FtText("Working hours per month for regression tests.")
    arguments(3) = FtText("Working hours per month for managing model versions.")
    arguments(4) = FtText("Full cost of one working hour, social charges included.")
    FtDescribe "FT_MAINTENANCE_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_REQUEST_COST()
    Dim gives As String, category As String
    Dim arguments(0 To 5) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Cost of one request, from its tokens and the prices per million tokens.")
    arguments(0) = FtText("Input tokens of a request after fine-tuning, cached ones included.")
    arguments(1) = FtText("Output tokens of a request.")
    arguments(2) = FtText("USD per million input tokens.")
    arguments(3) = FtText("USD per million output tokens.")
    arguments(4) = FtText("How many of the input tokens the provider reads from its cache.")
    arguments(5) = FtText("USD per million input tokens read from the cache.")
    FtDescribe "FT_REQUEST_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_SERVING_COST()
    Dim gives As String, category As String
    Dim arguments(0 To 3) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Cost per request of a self-hosted model, idle GPU time included.")
    arguments(0) = FtText("Rental price of ONE training GPU per hour; blank takes it from the price sheet once a GPU is named.")
    arguments(1) = FtText("GPUs used at the same time; 0 for hosted fine-tuning; blank is estimated with the training hours.")
    arguments(2) = FtText("Average requests per day at go-live.")
    arguments(3) = FtText("Hours a day for which the GPUs are paid.")
    FtDescribe "FT_SERVING_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_MONTHLY_SAVINGS()
    Dim gives As String, category As String
    Dim arguments(0 To 4) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Savings per month after maintenance; negative where the tuned model costs more.")
    arguments(0) = FtText("Average requests per day at go-live.")
    arguments(1) = FtText("Cost of one request to the model used today; typed, it overrides tokens and prices.")
    arguments(2) = FtText("Cost of one request to the fine-tuned model; typed, it overrides tokens and prices.")
    arguments(3) = FtText("Days with requests and paid GPUs; 365/12 if GPUs are rented all month.")
    arguments(4) = FtText("Monthly cost of retraining, regression tests and versions.")
    FtDescribe "FT_MONTHLY_SAVINGS", gives, category, arguments
End Sub

Private Sub Describe_FT_BREAKEVEN_REQUESTS()
    Dim gives As String, category As String
    Dim arguments(0 To 5) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Requests per day at which the cost is repaid in exactly the given months.")
    arguments(0) = FtText("One-off cost of the fine-tuning.")
    arguments(1) = FtText("Cost of one request to the model used today; typed, it overrides tokens and prices.")
    arguments(2) = FtText("Cost of one request to the fine-tuned model; typed, it overrides tokens and prices.")
    arguments(3) = FtText("Months until the investment is repaid, or never.")
    arguments(4) = FtText("Days with requests and paid GPUs; 365/12 if GPUs are rented all month.")
    arguments(5) = FtText("Monthly cost of retraining, regression tests and versions.")
    FtDescribe "FT_BREAKEVEN_REQUESTS", gives, category, arguments
End Sub

Private Sub Describe_FT_PAYBACK()
    Dim gives As String, category As String
    Dim arguments(0 To 1) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Months until the savings have repaid the cost; never where nothing is saved.")
    arguments(0) = FtText("One-off cost of the fine-tuning.")
    arguments(1) = FtText("Savings per month after run cost.")
    FtDescribe "FT_PAYBACK", gives, category, arguments
End Sub

Private Sub Describe_FT_ANNUAL_ROI()
    Dim gives As String, category As String
    Dim arguments(0 To 1) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Return on the investment in the first year, as a fraction (14.914 is 1491.4%).")
    arguments(0) = FtText("One-off cost of the fine-tuning.")
    arguments(1) = FtText("Savings per month after run cost.")
    FtDescribe "FT_ANNUAL_ROI", gives, category, arguments
End Sub

Private Sub Describe_FT_CASHFLOW()
    Dim gives As String, category As String
    Dim arguments(0 To 6) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Cash flow table: month, net cash flow and cumulative cash flow, from month 0 on.")
    arguments(0) = FtText("One-off cost of the fine-tuning.")
    arguments(1) = FtText("Savings per month after run cost.")
    arguments(2) = FtText("Months counted from the investment (month 0).")
    arguments(3) = FtText("Months before go-live, without savings.")
    arguments(4) = FtText("Live months in which use rises evenly to its full level; 0 is at once.")
    arguments(5) = FtText("Growth from the second live month on; 0.02 is 2%.")
    arguments(6) = FtText("Last month with benefits; blank is until the service is withdrawn, where that is known, else no end.")
    FtDescribe "FT_CASHFLOW", gives, category, arguments
End Sub

Private Sub Describe_FT_NPV()
    Dim gives As String, category As String
    Dim arguments(0 To 7) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Net present value of investment and savings; month 0 is not discounted.")
    arguments(0) = FtText("Effective rate per year; 0.1 is 10%.")
    arguments(1) = FtText("One-off cost of the fine-tuning.")
    arguments(2) = FtText("Savings per month after run cost.")
    arguments(3) = FtText("Months counted from the investment (month 0).")
    arguments(4) = FtText("Months before go-live, without savings.")
    arguments(5) = FtText("Live months in which use rises evenly to its full level; 0 is at once.")
    arguments(6) = FtText("Growth from the second live month on; 0.02 is 2%.")
    arguments(7) = FtText("Last month with benefits; blank is until the service is withdrawn, where that is known, else no end.")
    FtDescribe "FT_NPV", gives, category, arguments
End Sub

Private Sub Describe_FT_IRR()
    Dim gives As String, category As String
    Dim arguments(0 To 6) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Internal rate of return per year, effective, as a fraction: (1 + monthly rate)^12 - 1.")
    arguments(0) = FtText("One-off cost of the fine-tuning.")
    arguments(1) = FtText("Savings per month after run cost.")
    arguments(2) = FtText("Months counted from the investment (month 0).")
    arguments(3) = FtText("Months before go-live, without savings.")
    arguments(4) = FtText("Live months in which use rises evenly to its full level; 0 is at once.")
    arguments(5) = FtText("Growth from the second live month on; 0.02 is 2%.")
    arguments(6) = FtText("Last month with benefits; blank is until the service is withdrawn, where that is known, else no end.")
    FtDescribe "FT_IRR", gives, category, arguments
End Sub

Private Sub Describe_FT_DISCOUNTED_PAYBACK()
    Dim gives As String, category As String
    Dim arguments(0 To 7) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Months until the discounted savings have repaid the cost for good; never where they have not.")
    arguments(0) = FtText("Effective rate per year; 0.1 is 10%.")
    arguments(1) = FtText("One-off cost of the fine-tuning.")
    arguments(2) = FtText("Savings per month after run cost.")
    arguments(3) = FtText("Months counted from the investment (month 0).")
    arguments(4) = FtText("Months before go-live, without savings.")
    arguments(5) = FtText("Live months in which use rises evenly to its full level; 0 is at once.")
    arguments(6) = FtText("Growth from the second live month on; 0.02 is 2%.")
    arguments(7) = FtText("Last month with benefits; blank is until the service is withdrawn, where that is known, else no end.")
    FtDescribe "FT_DISCOUNTED_PAYBACK", gives, category, arguments
End Sub

Private Sub Describe_FT_RECOMMEND()
    Dim gives As String, category As String
    Dim arguments(0 To 1) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Recommendation by payback: under 2, 6 and 12 months, or more.")
    arguments(0) = FtText("Months until the investment is repaid, or never.")
    arguments(1) = FtText("Language of the answer: zh or en.")
    FtDescribe "FT_RECOMMEND", gives, category, arguments
End Sub

Private Sub Describe_FT_STRATEGY()
    Dim gives As String, category As String
    Dim arguments(0 To 2) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Strategy by volume and quality: under 100 requests a day, 100 to 1000, or more.")
    arguments(0) = FtText("Average requests per day at go-live.")
    arguments(1) = FtText("How much the task depends on the quality of the answers: normal or high.")
    arguments(2) = FtText("Language of the answer: zh or en.")
    FtDescribe "FT_STRATEGY", gives, category, arguments
End Sub

Private Sub Describe_FT_GPU_PRICE()
    Dim gives As String, category As String
    Dim arguments(0 To 3) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Price in USD per hour of one GPU, from a dated price sheet; without a provider the cheapest.")
    arguments(0) = FtText("The GPU, as on the price sheet; case, spaces and hyphens do not matter.")
    arguments(1) = FtText("Who rents the GPU out or serves the model; blank takes any.")
    arguments(2) = FtText("How it is rented: on-demand, spot or reserved.")
    arguments(3) = FtText("The range of your own price table; blank takes the shipped sheet.")
    FtDescribe "FT_GPU_PRICE", gives, category, arguments
End Sub

Private Sub Describe_FT_LLM_PRICE()
    Dim gives As String, category As String
    Dim arguments(0 To 2) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Price in USD per million tokens of a hosted model, for an ordinary request.")
    arguments(0) = FtText("The model as its provider names it.")
    arguments(1) = FtText("Which price: input, output or cached input.")
    arguments(2) = FtText("Who rents the GPU out or serves the model; blank takes any.")
    FtDescribe "FT_LLM_PRICE", gives, category, arguments
End Sub

Private Sub Describe_FT_TRAINING_HOURS()
    Dim gives As String, category As String
    Dim arguments(0 To 8) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Wall-clock hours of one fine-tuning run: the likely figure, half and twice it being plausible.")
    arguments(0) = FtText("Parameters of the model in billions.")
    arguments(1) = FtText("Samples in the training set.")
    arguments(2) = FtText("Average tokens of a sample; the padded length where samples are not packed.")
    arguments(3) = FtText("Passes over the training samples.")
    arguments(4) = FtText("LoRA, QLoRA or full fine-tuning.")
    arguments(5) = FtText("The GPU, as on the price sheet; case, spaces and hyphens do not matter.")
    arguments(6) = FtText("GPUs used at the same time; 0 for hosted fine-tuning; blank is estimated with the training hours.")
    arguments(7) = FtText("Blank: estimated by passes. Typed, the share of the bf16 peak that training reaches takes the place of that: 0.40 packed, 0.25 long context on several nodes, 0.10 short unpacked samples or CPU offloading.")
    arguments(8) = FtText("Samples that one GPU holds in one pass forward and back (micro-batch); 4 where nothing is typed.")
    FtDescribe "FT_TRAINING_HOURS", gives, category, arguments
End Sub

Private Sub Describe_FT_GPU_COUNT()
    Dim gives As String, category As String
    Dim arguments(0 To 4) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("GPUs needed to hold a fine-tuning run in memory, activations included.")
    arguments(0) = FtText("Parameters of the model in billions.")
    arguments(1) = FtText("LoRA, QLoRA or full fine-tuning.")
    arguments(2) = FtText("The GPU, as on the price sheet; case, spaces and hyphens do not matter.")
    arguments(3) = FtText("Average tokens of a sample; the padded length where samples are not packed.")
    arguments(4) = FtText("Samples that one GPU holds in one pass forward and back (micro-batch); 4 where nothing is typed.")
    FtDescribe "FT_GPU_COUNT", gives, category, arguments
End Sub

Private Sub Describe_FT_REFERENCE_HOURS()
    Dim gives As String, category As String
    Dim arguments(0 To 2) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Training hours as the source document's table gives them, for 1000 samples and 3 epochs.")
    arguments(0) = FtText("Parameters of the model in billions.")
    arguments(1) = FtText("LoRA, QLoRA or full fine-tuning.")
    arguments(2) = FtText("Which figure of the range: low, mid or high.")
    FtDescribe "FT_REFERENCE_HOURS", gives, category, arguments
End Sub

Private Sub Describe_FT_SERVING_THROUGHPUT()
    Dim gives As String, category As String
    Dim arguments(0 To 6) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Tokens per second that a group of GPUs generates: the likely figure, half and twice it plausible.")
    arguments(0) = FtText("Parameters of the model in billions.")
    arguments(1) = FtText("Input tokens of a request after fine-tuning, cached ones included.")
    arguments(2) = FtText("Output tokens of a request.")
    arguments(3) = FtText("The GPU, as on the price sheet; case, spaces and hyphens do not matter.")
    arguments(4) = FtText("GPUs used at the same time; 0 for hosted fine-tuning; blank is estimated with the training hours.")
    arguments(5) = FtText("bf16 (fp16 is the same), fp8, int8 or int4.")
    arguments(6) = FtText("Requests that the GPUs serve at the same time; blank takes as many as memory holds.")
    FtDescribe "FT_SERVING_THROUGHPUT", gives, category, arguments
End Sub

Private Sub Describe_FT_SERVING_GPUS()
    Dim gives As String, category As String
    Dim arguments(0 To 7) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("GPUs that serve the busiest hour of a day, in whole replicas of the model.")
    arguments(0) = FtText("Average requests per day at go-live.")
    arguments(1) = FtText("Parameters of the model in billions.")
    arguments(2) = FtText("Input tokens of a request after fine-tuning, cached ones included.")
    arguments(3) = FtText("Output tokens of a request.")
    arguments(4) = FtText("The GPU, as on the price sheet; case, spaces and hyphens do not matter.")
    arguments(5) = FtText("bf16 (fp16 is the same), fp8, int8 or int4.")
    arguments(6) = FtText("Requests of the busiest hour over the mean of 24 hours.")
    arguments(7) = FtText("GPUs that hold the model together; blank takes the fewest that do.")
    FtDescribe "FT_SERVING_GPUS", gives, category, arguments
End Sub

Private Sub Describe_FT_CASE()
    Dim gives As String, category As String
    Dim arguments(0 To 1) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Any result of the whole case, from its inputs.")
    arguments(0) = FtText("Two columns, input name and value; or name, low, likely and high.")
    arguments(1) = FtText("A result of the case, by its key or label.")
    FtDescribe "FT_CASE", gives, category, arguments
End Sub

Private Sub Describe_FT_RATIONALE()
    Dim gives As String, category As String
    Dim arguments(0 To 1) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Why the case is recommended or not, in one paragraph.")
    arguments(0) = FtText("Two columns, input name and value; or name, low, likely and high.")
    arguments(1) = FtText("Language of the answer: zh or en.")
    FtDescribe "FT_RATIONALE", gives, category, arguments
End Sub

Private Sub Describe_FT_BREAKEVEN()
    Dim gives As String, category As String
    Dim arguments(0 To 3) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("The value of an input at which a figure of the case reaches a target.")
    arguments(0) = FtText("Two columns, input name and value; or name, low, likely and high.")
    arguments(1) = FtText("An input of the case, by its key or label.")
    arguments(2) = FtText("A result of the case, by its key or label.")
    arguments(3) = FtText("What the figure shall be, in its unit.")
    FtDescribe "FT_BREAKEVEN", gives, category, arguments
End Sub

Private Sub Describe_FT_SENSITIVITY()
    Dim gives As String, category As String
    Dim arguments(0 To 1) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Tornado table: what net present value each driver of a case reaches at its low and high value.")
    arguments(0) = FtText("Two columns, input name and value; or name, low, likely and high.")
    arguments(1) = FtText("Share by which each driver moves down and up, such as 0.2.")
    FtDescribe "FT_SENSITIVITY", gives, category, arguments
End Sub

Private Sub Describe_FT_MONTE_CARLO()
    Dim gives As String, category As String
    Dim arguments(0 To 2) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("Spread of net present value and payback when the drivers of a case are uncertain.")
    arguments(0) = FtText("Two columns, input name and value; or name, low, likely and high.")
    arguments(1) = FtText("Number of random runs.")
    arguments(2) = FtText("Whole number that fixes the random numbers: the same seed, the same result.")
    FtDescribe "FT_MONTE_CARLO", gives, category, arguments
End Sub

Private Sub Describe_FT_EXPLAIN()
    Dim gives As String, category As String
    Dim arguments(0 To 1) As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("OK, or the reason in words why the named function gives an error for these arguments.")
    arguments(0) = FtText("Name of the function to explain.")
    arguments(1) = FtText("The function's arguments.")
    FtDescribe "FT_EXPLAIN", gives, category, arguments
End Sub

Private Sub Describe_FT_VERSION()
    Dim gives As String, category As String
    category = FtText("Fine-tuning ROI")
    gives = FtText("The version of this package and the date of its price sheet.")
    FtDescribe "FT_VERSION", gives, category, Empty
End Sub
