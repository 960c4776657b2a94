#Const App = "Microsoft Excel"
Function FT_ANNUAL_ROI(total_cost, monthly_savings)
Attribute FT_ANNUAL_ROI.VB_Description = "Return on the investment in the first year, as a fraction (14.914 is 1491.4%)."
Attribute FT_ANNUAL_ROI.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_ANNUAL_ROI = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_ANNUAL_ROI", FtValues(Array(total_cost, monthly_savings))))
        Exit Function
    #Else
        FT_ANNUAL_ROI = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_ANNUAL_ROI", FtValues(Array(total_cost, monthly_savings))))
        Exit Function
    #End If
failed:
    FT_ANNUAL_ROI = FtFault("FT_ANNUAL_ROI", Err.Description)
End Function

Function FT_BREAKEVEN(case_range, input_, Optional figure, Optional target)
Attribute FT_BREAKEVEN.VB_Description = "The value of an input at which a figure of the case reaches a target."
Attribute FT_BREAKEVEN.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_BREAKEVEN = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_BREAKEVEN", FtValues(Array(case_range, input_, figure, target))))
        Exit Function
    #Else
        FT_BREAKEVEN = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_BREAKEVEN", FtValues(Array(case_range, input_, figure, target))))
        Exit Function
    #End If
failed:
    FT_BREAKEVEN = FtFault("FT_BREAKEVEN", Err.Description)
End Function

Function FT_BREAKEVEN_REQUESTS(total_cost, current_cost_per_request, finetuned_cost_per_request, Optional payback_months, Optional days_per_month, Optional maintenance_cost_per_month)
Attribute FT_BREAKEVEN_REQUESTS.VB_Description = "Requests per day at which the cost is repaid in exactly the given months."
Attribute FT_BREAKEVEN_REQUESTS.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_BREAKEVEN_REQUESTS = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_BREAKEVEN_REQUESTS", FtValues(Array(total_cost, current_cost_per_request, finetuned_cost_per_request, payback_months, days_per_month, maintenance_cost_per_month))))
        Exit Function
    #Else
        FT_BREAKEVEN_REQUESTS = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_BREAKEVEN_REQUESTS", FtValues(Array(total_cost, current_cost_per_request, finetuned_cost_per_request, payback_months, days_per_month, maintenance_cost_per_month))))
        Exit Function
    #End If
failed:
    FT_BREAKEVEN_REQUESTS = FtFault("FT_BREAKEVEN_REQUESTS", Err.Description)
End Function

Function FT_CASE(case_range, Optional figure)
Attribute FT_CASE.VB_Description = "Any result of the whole case, from its inputs."
Attribute FT_CASE.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_CASE = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_CASE", FtValues(Array(case_range, figure))))
        Exit Function
    #Else
        FT_CASE = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_CASE", FtValues(Array(case_range, figure))))
        Exit Function
    #End If
failed:
    FT_CASE = FtFault("FT_CASE", Err.Description)
End Function

Function FT_CASHFLOW(total_cost, monthly_savings, Optional horizon_months, Optional build_months, Optional ramp_months, Optional monthly_volume_growth, Optional retirement_month)
Attribute FT_CASHFLOW.VB_Description = "Cash flow table: month, net cash flow and cumulative cash flow, from month 0 on."
Attribute FT_CASHFLOW.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_CASHFLOW = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_CASHFLOW", FtValues(Array(total_cost, monthly_savings, horizon_months, build_months, ramp_months, monthly_volume_growth, retirement_month))))
        Exit Function
    #Else
        FT_CASHFLOW = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_CASHFLOW", FtValues(Array(total_cost, monthly_savings, horizon_months, build_months, ramp_months, monthly_volume_growth, retirement_month))))
        Exit Function
    #End If
failed:
    FT_CASHFLOW = FtFault("FT_CASHFLOW", Err.Description)
End Function

Function FT_COMPUTE_COST(Optional gpu_cost_per_hour, Optional training_hours, Optional num_iterations, Optional gpu_count)
Attribute FT_COMPUTE_COST.VB_Description = "One-off cost of renting the GPUs for all training iterations."
Attribute FT_COMPUTE_COST.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_COMPUTE_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_COMPUTE_COST", FtValues(Array(gpu_cost_per_hour, training_hours, num_iterations, gpu_count))))
        Exit Function
    #Else
        FT_COMPUTE_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_COMPUTE_COST", FtValues(Array(gpu_cost_per_hour, training_hours, num_iterations, gpu_count))))
        Exit Function
    #End If
failed:
    FT_COMPUTE_COST = FtFault("FT_COMPUTE_COST", Err.Description)
End Function

Function FT_DATA_COST(data_preparation_hours, Optional hourly_rate, Optional labelled_samples, Optional label_cost_per_sample)
Attribute FT_DATA_COST.VB_Description = "One-off cost of collecting, cleaning and labelling the training data."
Attribute FT_DATA_COST.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_DATA_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_DATA_COST", FtValues(Array(data_preparation_hours, hourly_rate, labelled_samples, label_cost_per_sample))))
        Exit Function
    #Else
        FT_DATA_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_DATA_COST", FtValues(Array(data_preparation_hours, hourly_rate, labelled_samples, label_cost_per_sample))))
        Exit Function
    #End If
failed:
    FT_DATA_COST = FtFault("FT_DATA_COST", Err.Description)
End Function

Function FT_DISCOUNTED_PAYBACK(annual_discount_rate, total_cost, monthly_savings, Optional horizon_months, Optional build_months, Optional ramp_months, Optional monthly_volume_growth, Optional retirement_month)
Attribute FT_DISCOUNTED_PAYBACK.VB_Description = "Months until the discounted savings have repaid the cost for good; never where they have not."
Attribute FT_DISCOUNTED_PAYBACK.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_DISCOUNTED_PAYBACK = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_DISCOUNTED_PAYBACK", FtValues(Array(annual_discount_rate, total_cost, monthly_savings, horizon_months, build_months, ramp_months, monthly_volume_growth, retirement_month))))
        Exit Function
    #Else
        FT_DISCOUNTED_PAYBACK = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_DISCOUNTED_PAYBACK", FtValues(Array(annual_discount_rate, total_cost, monthly_savings, horizon_months, build_months, ramp_months, monthly_volume_growth, retirement_month))))
        Exit Function
    #End If
failed:
    FT_DISCOUNTED_PAYBACK = FtFault("FT_DISCOUNTED_PAYBACK", Err.Description)
End Function

Function FT_EXPLAIN(function_, ParamArray argument())
Attribute FT_EXPLAIN.VB_Description = "OK, or the reason in words why the named function gives an error for these arguments."
Attribute FT_EXPLAIN.VB_ProcData.VB_Invoke_Func = " \n14"
    Dim argsArray() As Variant
    argsArray = Array(function_)
    ReDim Preserve argsArray(0 to UBound(argument) - LBound(argument) + 1)
    For k = LBound(argument) To UBound(argument)
    If IsObject(argument(k)) Then Set argsArray(1 + k - LBound(argument)) = argument(k) Else argsArray(1 + k - LBound(argument)) = argument(k)
    Next k
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_EXPLAIN = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_EXPLAIN", FtValues(argsArray)))
        Exit Function
    #Else
        FT_EXPLAIN = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_EXPLAIN", FtValues(argsArray)))
        Exit Function
    #End If
failed:
    FT_EXPLAIN = FtFault("FT_EXPLAIN", Err.Description)
End Function

Function FT_GPU_COUNT(model_params_b, Optional method, Optional gpu, Optional tokens_per_sample, Optional samples_per_step)
Attribute FT_GPU_COUNT.VB_Description = "GPUs needed to hold a fine-tuning run in memory, activations included."
Attribute FT_GPU_COUNT.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_GPU_COUNT = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_GPU_COUNT", FtValues(Array(model_params_b, method, gpu, tokens_per_sample, samples_per_step))))
        Exit Function
    #Else
        FT_GPU_COUNT = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_GPU_COUNT", FtValues(Array(model_params_b, method, gpu, tokens_per_sample, samples_per_step))))
        Exit Function
    #End If
failed:
    FT_GPU_COUNT = FtFault("FT_GPU_COUNT", Err.Description)
End Function

Function FT_GPU_PRICE(gpu, Optional provider, Optional market, Optional price_sheet)
Attribute FT_GPU_PRICE.VB_Description = "Price in USD per hour of one GPU, from a dated price sheet; without a provider the cheapest."
Attribute FT_GPU_PRICE.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_GPU_PRICE = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_GPU_PRICE", FtValues(Array(gpu, provider, market, price_sheet))))
        Exit Function
    #Else
        FT_GPU_PRICE = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_GPU_PRICE", FtValues(Array(gpu, provider, market, price_sheet))))
        Exit Function
    #End If
failed:
    FT_GPU_PRICE = FtFault("FT_GPU_PRICE", Err.Description)
End Function

Function FT_HOSTED_TRAINING_COST(samples, tokens_per_sample, epochs, price_per_million, Optional num_iterations)
Attribute FT_HOSTED_TRAINING_COST.VB_Description = "One-off cost of fine-tuning at a provider that charges by training tokens."
Attribute FT_HOSTED_TRAINING_COST.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_HOSTED_TRAINING_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_HOSTED_TRAINING_COST", FtValues(Array(samples, tokens_per_sample, epochs, price_per_million, num_iterations))))
        Exit Function
    #Else
        FT_HOSTED_TRAINING_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_HOSTED_TRAINING_COST", FtValues(Array(samples, tokens_per_sample, epochs, price_per_million, num_iterations))))
        Exit Function
    #End If
failed:
    FT_HOSTED_TRAINING_COST = FtFault("FT_HOSTED_TRAINING_COST", Err.Description)
End Function

Function FT_IRR(total_cost, monthly_savings, Optional horizon_months, Optional build_months, Optional ramp_months, Optional monthly_volume_growth, Optional retirement_month)
Attribute FT_IRR.VB_Description = "Internal rate of return per year, effective, as a fraction: (1 + monthly rate)^12 - 1."
Attribute FT_IRR.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_IRR = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_IRR", FtValues(Array(total_cost, monthly_savings, horizon_months, build_months, ramp_months, monthly_volume_growth, retirement_month))))
        Exit Function
    #Else
        FT_IRR = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_IRR", FtValues(Array(total_cost, monthly_savings, horizon_months, build_months, ramp_months, monthly_volume_growth, retirement_month))))
        Exit Function
    #End If
failed:
    FT_IRR = FtFault("FT_IRR", Err.Description)
End Function

Function FT_LLM_PRICE(model, Optional kind, Optional provider)
Attribute FT_LLM_PRICE.VB_Description = "Price in USD per million tokens of a hosted model, for an ordinary request."
Attribute FT_LLM_PRICE.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_LLM_PRICE = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_LLM_PRICE", FtValues(Array(model, kind, provider))))
        Exit Function
    #Else
        FT_LLM_PRICE = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_LLM_PRICE", FtValues(Array(model, kind, provider))))
        Exit Function
    #End If
failed:
    FT_LLM_PRICE = FtFault("FT_LLM_PRICE", Err.Description)
End Function

Function FT_MAINTENANCE_COST(Optional retrainings_per_year, Optional cost_per_retraining, Optional regression_test_hours_per_month, Optional versioning_hours_per_month, Optional hourly_rate)
Attribute FT_MAINTENANCE_COST.VB_Description = "Recurring cost per month of keeping the tuned model good: retraining, testing, versions."
Attribute FT_MAINTENANCE_COST.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_MAINTENANCE_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_MAINTENANCE_COST", FtValues(Array(retrainings_per_year, cost_per_retraining, regression_test_hours_per_month, versioning_hours_per_month, hourly_rate))))
        Exit Function
    #Else
        FT_MAINTENANCE_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_MAINTENANCE_COST", FtValues(Array(retrainings_per_year, cost_per_retraining, regression_test_hours_per_month, versioning_hours_per_month, hourly_rate))))
        Exit Function
    #End If
failed:
    FT_MAINTENANCE_COST = FtFault("FT_MAINTENANCE_COST", Err.Description)
End Function

Function FT_MONTE_CARLO(case_range, Optional runs, Optional seed)
Attribute FT_MONTE_CARLO.VB_Description = "Spread of net present value and payback when the drivers of a case are uncertain."
Attribute FT_MONTE_CARLO.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_MONTE_CARLO = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_MONTE_CARLO", FtValues(Array(case_range, runs, seed))))
        Exit Function
    #Else
        FT_MONTE_CARLO = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_MONTE_CARLO", FtValues(Array(case_range, runs, seed))))
        Exit Function
    #End If
failed:
    FT_MONTE_CARLO = FtFault("FT_MONTE_CARLO", Err.Description)
End Function

Function FT_MONTHLY_SAVINGS(daily_requests, current_cost_per_request, finetuned_cost_per_request, Optional days_per_month, Optional maintenance_cost_per_month)
Attribute FT_MONTHLY_SAVINGS.VB_Description = "Savings per month after maintenance; negative where the tuned model costs more."
Attribute FT_MONTHLY_SAVINGS.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_MONTHLY_SAVINGS = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_MONTHLY_SAVINGS", FtValues(Array(daily_requests, current_cost_per_request, finetuned_cost_per_request, days_per_month, maintenance_cost_per_month))))
        Exit Function
    #Else
        FT_MONTHLY_SAVINGS = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_MONTHLY_SAVINGS", FtValues(Array(daily_requests, current_cost_per_request, finetuned_cost_per_request, days_per_month, maintenance_cost_per_month))))
        Exit Function
    #End If
failed:
    FT_MONTHLY_SAVINGS = FtFault("FT_MONTHLY_SAVINGS", Err.Description)
End Function

Function FT_NPV(annual_discount_rate, total_cost, monthly_savings, Optional horizon_months, Optional build_months, Optional ramp_months, Optional monthly_volume_growth, Optional retirement_month)
Attribute FT_NPV.VB_Description = "Net present value of investment and savings; month 0 is not discounted."
Attribute FT_NPV.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_NPV = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_NPV", FtValues(Array(annual_discount_rate, total_cost, monthly_savings, horizon_months, build_months, ramp_months, monthly_volume_growth, retirement_month))))
        Exit Function
    #Else
        FT_NPV = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_NPV", FtValues(Array(annual_discount_rate, total_cost, monthly_savings, horizon_months, build_months, ramp_months, monthly_volume_growth, retirement_month))))
        Exit Function
    #End If
failed:
    FT_NPV = FtFault("FT_NPV", Err.Description)
End Function

Function FT_PAYBACK(total_cost, monthly_savings)
Attribute FT_PAYBACK.VB_Description = "Months until the savings have repaid the cost; never where nothing is saved."
Attribute FT_PAYBACK.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_PAYBACK = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_PAYBACK", FtValues(Array(total_cost, monthly_savings))))
        Exit Function
    #Else
        FT_PAYBACK = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_PAYBACK", FtValues(Array(total_cost, monthly_savings))))
        Exit Function
    #End If
failed:
    FT_PAYBACK = FtFault("FT_PAYBACK", Err.Description)
End Function

Function FT_PEOPLE_COST(engineer_hours_per_iteration, Optional hourly_rate, Optional num_iterations)
Attribute FT_PEOPLE_COST.VB_Description = "One-off cost of the engineers who run and tune the training iterations."
Attribute FT_PEOPLE_COST.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_PEOPLE_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_PEOPLE_COST", FtValues(Array(engineer_hours_per_iteration, hourly_rate, num_iterations))))
        Exit Function
    #Else
        FT_PEOPLE_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_PEOPLE_COST", FtValues(Array(engineer_hours_per_iteration, hourly_rate, num_iterations))))
        Exit Function
    #End If
failed:
    FT_PEOPLE_COST = FtFault("FT_PEOPLE_COST", Err.Description)
End Function

Function FT_RATIONALE(case_range, Optional language)
Attribute FT_RATIONALE.VB_Description = "Why the case is recommended or not, in one paragraph."
Attribute FT_RATIONALE.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_RATIONALE = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_RATIONALE", FtValues(Array(case_range, language))))
        Exit Function
    #Else
        FT_RATIONALE = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_RATIONALE", FtValues(Array(case_range, language))))
        Exit Function
    #End If
failed:
    FT_RATIONALE = FtFault("FT_RATIONALE", Err.Description)
End Function

Function FT_RECOMMEND(payback_months, Optional language)
Attribute FT_RECOMMEND.VB_Description = "Recommendation by payback: under 2, 6 and 12 months, or more."
Attribute FT_RECOMMEND.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_RECOMMEND = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_RECOMMEND", FtValues(Array(payback_months, language))))
        Exit Function
    #Else
        FT_RECOMMEND = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_RECOMMEND", FtValues(Array(payback_months, language))))
        Exit Function
    #End If
failed:
    FT_RECOMMEND = FtFault("FT_RECOMMEND", Err.Description)
End Function

Function FT_REFERENCE_HOURS(model_params_b, Optional method, Optional bound)
Attribute FT_REFERENCE_HOURS.VB_Description = "Training hours as the source document's table gives them, for 1000 samples and 3 epochs."
Attribute FT_REFERENCE_HOURS.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_REFERENCE_HOURS = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_REFERENCE_HOURS", FtValues(Array(model_params_b, method, bound))))
        Exit Function
    #Else
        FT_REFERENCE_HOURS = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_REFERENCE_HOURS", FtValues(Array(model_params_b, method, bound))))
        Exit Function
    #End If
failed:
    FT_REFERENCE_HOURS = FtFault("FT_REFERENCE_HOURS", Err.Description)
End Function

Function FT_REQUEST_COST(input_tokens, output_tokens, input_price, output_price, Optional cached_input_tokens, Optional cached_input_price)
Attribute FT_REQUEST_COST.VB_Description = "Cost of one request, from its tokens and the prices per million tokens."
Attribute FT_REQUEST_COST.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_REQUEST_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_REQUEST_COST", FtValues(Array(input_tokens, output_tokens, input_price, output_price, cached_input_tokens, cached_input_price))))
        Exit Function
    #Else
        FT_REQUEST_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_REQUEST_COST", FtValues(Array(input_tokens, output_tokens, input_price, output_price, cached_input_tokens, cached_input_price))))
        Exit Function
    #End If
failed:
    FT_REQUEST_COST = FtFault("FT_REQUEST_COST", Err.Description)
End Function

Function FT_SENSITIVITY(case_range, Optional swing)
Attribute FT_SENSITIVITY.VB_Description = "Tornado table: what net present value each driver of a case reaches at its low and high value."
Attribute FT_SENSITIVITY.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_SENSITIVITY = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_SENSITIVITY", FtValues(Array(case_range, swing))))
        Exit Function
    #Else
        FT_SENSITIVITY = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_SENSITIVITY", FtValues(Array(case_range, swing))))
        Exit Function
    #End If
failed:
    FT_SENSITIVITY = FtFault("FT_SENSITIVITY", Err.Description)
End Function

Function FT_SERVING_COST(gpu_cost_per_hour, gpu_count, daily_requests, Optional hours_per_day)
Attribute FT_SERVING_COST.VB_Description = "Cost per request of a self-hosted model, idle GPU time included."
Attribute FT_SERVING_COST.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_SERVING_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_SERVING_COST", FtValues(Array(gpu_cost_per_hour, gpu_count, daily_requests, hours_per_day))))
        Exit Function
    #Else
        FT_SERVING_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_SERVING_COST", FtValues(Array(gpu_cost_per_hour, gpu_count, daily_requests, hours_per_day))))
        Exit Function
    #End If
failed:
    FT_SERVING_COST = FtFault("FT_SERVING_COST", Err.Description)
End Function

Function FT_SERVING_GPUS(daily_requests, model_params_b, input_tokens, output_tokens, Optional gpu, Optional precision, Optional peak_to_average, Optional gpus_per_replica)
Attribute FT_SERVING_GPUS.VB_Description = "GPUs that serve the busiest hour of a day, in whole replicas of the model."
Attribute FT_SERVING_GPUS.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_SERVING_GPUS = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_SERVING_GPUS", FtValues(Array(daily_requests, model_params_b, input_tokens, output_tokens, gpu, precision, peak_to_average, gpus_per_replica))))
        Exit Function
    #Else
        FT_SERVING_GPUS = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_SERVING_GPUS", FtValues(Array(daily_requests, model_params_b, input_tokens, output_tokens, gpu, precision, peak_to_average, gpus_per_replica))))
        Exit Function
    #End If
failed:
    FT_SERVING_GPUS = FtFault("FT_SERVING_GPUS", Err.Description)
End Function

Function FT_SERVING_THROUGHPUT(model_params_b, input_tokens, output_tokens, Optional gpu, Optional gpu_count, Optional precision, Optional concurrency)
Attribute FT_SERVING_THROUGHPUT.VB_Description = "Tokens per second that a group of GPUs generates: the likely figure, half and twice it plausible."
Attribute FT_SERVING_THROUGHPUT.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_SERVING_THROUGHPUT = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_SERVING_THROUGHPUT", FtValues(Array(model_params_b, input_tokens, output_tokens, gpu, gpu_count, precision, concurrency))))
        Exit Function
    #Else
        FT_SERVING_THROUGHPUT = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_SERVING_THROUGHPUT", FtValues(Array(model_params_b, input_tokens, output_tokens, gpu, gpu_count, precision, concurrency))))
        Exit Function
    #End If
failed:
    FT_SERVING_THROUGHPUT = FtFault("FT_SERVING_THROUGHPUT", Err.Description)
End Function

Function FT_STRATEGY(daily_requests, Optional quality_need, Optional language)
Attribute FT_STRATEGY.VB_Description = "Strategy by volume and quality: under 100 requests a day, 100 to 1000, or more."
Attribute FT_STRATEGY.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_STRATEGY = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_STRATEGY", FtValues(Array(daily_requests, quality_need, language))))
        Exit Function
    #Else
        FT_STRATEGY = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_STRATEGY", FtValues(Array(daily_requests, quality_need, language))))
        Exit Function
    #End If
failed:
    FT_STRATEGY = FtFault("FT_STRATEGY", Err.Description)
End Function

Function FT_TOTAL_COST(data_preparation_hours, Optional hourly_rate, Optional gpu_cost_per_hour, Optional training_hours, Optional num_iterations, Optional gpu_count, Optional engineer_hours_per_iteration)
Attribute FT_TOTAL_COST.VB_Description = "Total one-off investment: data, GPUs and people."
Attribute FT_TOTAL_COST.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_TOTAL_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_TOTAL_COST", FtValues(Array(data_preparation_hours, hourly_rate, gpu_cost_per_hour, training_hours, num_iterations, gpu_count, engineer_hours_per_iteration))))
        Exit Function
    #Else
        FT_TOTAL_COST = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_TOTAL_COST", FtValues(Array(data_preparation_hours, hourly_rate, gpu_cost_per_hour, training_hours, num_iterations, gpu_count, engineer_hours_per_iteration))))
        Exit Function
    #End If
failed:
    FT_TOTAL_COST = FtFault("FT_TOTAL_COST", Err.Description)
End Function

Function FT_TRAINING_HOURS(model_params_b, samples, tokens_per_sample, Optional epochs, Optional method, Optional gpu, Optional gpu_count, Optional utilisation, Optional samples_per_step)
Attribute FT_TRAINING_HOURS.VB_Description = "Wall-clock hours of one fine-tuning run: the likely figure, half and twice it being plausible."
Attribute FT_TRAINING_HOURS.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_TRAINING_HOURS = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_TRAINING_HOURS", FtValues(Array(model_params_b, samples, tokens_per_sample, epochs, method, gpu, gpu_count, utilisation, samples_per_step))))
        Exit Function
    #Else
        FT_TRAINING_HOURS = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_TRAINING_HOURS", FtValues(Array(model_params_b, samples, tokens_per_sample, epochs, method, gpu, gpu_count, utilisation, samples_per_step))))
        Exit Function
    #End If
failed:
    FT_TRAINING_HOURS = FtFault("FT_TRAINING_HOURS", Err.Description)
End Function

Function FT_VERSION()
Attribute FT_VERSION.VB_Description = "The version of this package and the date of its price sheet."
Attribute FT_VERSION.VB_ProcData.VB_Invoke_Func = " \n14"
    #If App = "Microsoft Excel" Then
        If TypeName(Application.Caller) = "Range" Then On Error GoTo failed
        FT_VERSION = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_VERSION", Array()))
        Exit Function
    #Else
        FT_VERSION = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_en", "FT_VERSION", Array()))
        Exit Function
    #End If
failed:
    FT_VERSION = FtFault("FT_VERSION", Err.Description)
End Function

