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
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u6536\u96C6\u3001\u6E05\u6D17\u548C\u6807\u6CE8\u8BAD\u7EC3\u6570\u636E\u7684\u4E00\u6B21\u6027\u6210\u672C\u3002")
    arguments(0) = FtText("\u6536\u96C6\u3001\u6E05\u6D17\u548C\u6807\u6CE8\u6570\u636E\u6240\u82B1\u7684\u4EBA\u65F6\u3002")
    arguments(1) = FtText("\u6BCF\u4EBA\u65F6\u7684\u5168\u90E8\u7528\u5DE5\u6210\u672C\uFF08\u542B\u793E\u4FDD\u7B49\uFF09\u3002")
    arguments(2) = FtText("\u6309\u6761\u4ED8\u8D39\u6807\u6CE8\u7684\u6837\u672C\u6570\u91CF\u3002")
    arguments(3) = FtText("\u6BCF\u6761\u6807\u6CE8\u6837\u672C\u7684\u4EF7\u683C\u3002")
    FtDescribe "FT_DATA_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_COMPUTE_COST()
    Dim gives As String, category As String
    Dim arguments(0 To 3) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u6240\u6709\u8BAD\u7EC3\u8FED\u4EE3\u7684 GPU \u79DF\u8D41\u4E00\u6B21\u6027\u6210\u672C\u3002")
    arguments(0) = FtText("\u8BAD\u7EC3\u7528\u5355\u5F20 GPU \u6BCF\u5C0F\u65F6\u7684\u79DF\u8D41\u4EF7\u683C\uFF1B\u7559\u7A7A\u4E14\u5DF2\u586B GPU \u578B\u53F7\u65F6\u53D6\u4EF7\u683C\u8868\u3002")
    arguments(1) = FtText("\u4E00\u6B21\u8BAD\u7EC3\u7684\u5B9E\u9645\u8017\u65F6\uFF1B\u7559\u7A7A\u4E14\u5DF2\u586B\u6A21\u578B\u53C2\u6570\u91CF\u4E0E\u6837\u672C\u6570\u65F6\u6309\u5176\u4F30\u7B97\u3002")
    arguments(2) = FtText("\u8FBE\u5230\u8D28\u91CF\u8981\u6C42\u6240\u9700\u7684\u8BAD\u7EC3\u6B21\u6570\uFF1B\u4E0E\u6BCF\u6B21\u8BAD\u7EC3\u5185\u7684 epoch \u4E0D\u540C\u3002")
    arguments(3) = FtText("\u540C\u65F6\u4F7F\u7528\u7684 GPU \u5F20\u6570\uFF1B\u6258\u7BA1\u5FAE\u8C03\u586B 0\uFF1B\u7559\u7A7A\u65F6\u968F\u8BAD\u7EC3\u65F6\u957F\u4E00\u5E76\u4F30\u7B97\u3002")
    FtDescribe "FT_COMPUTE_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_PEOPLE_COST()
    Dim gives As String, category As String
    Dim arguments(0 To 2) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u5DE5\u7A0B\u5E08\u6267\u884C\u548C\u8C03\u4F18\u5404\u8F6E\u8BAD\u7EC3\u8FED\u4EE3\u7684\u4E00\u6B21\u6027\u4EBA\u529B\u6210\u672C\u3002")
    arguments(0) = FtText("ML \u5DE5\u7A0B\u5E08\u5728\u6BCF\u6B21\u8BAD\u7EC3\u4E0A\u82B1\u7684\u4EBA\u65F6\u3002")
    arguments(1) = FtText("\u6BCF\u4EBA\u65F6\u7684\u5168\u90E8\u7528\u5DE5\u6210\u672C\uFF08\u542B\u793E\u4FDD\u7B49\uFF09\u3002")
    arguments(2) = FtText("\u8FBE\u5230\u8D28\u91CF\u8981\u6C42\u6240\u9700\u7684\u8BAD\u7EC3\u6B21\u6570\uFF1B\u4E0E\u6BCF\u6B21\u8BAD\u7EC3\u5185\u7684 epoch \u4E0D\u540C\u3002")
    FtDescribe "FT_PEOPLE_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_TOTAL_COST()
    Dim gives As String, category As String
    Dim arguments(0 To 6) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u4E00\u6B21\u6027\u603B\u6295\u8D44\uFF1A\u6570\u636E\u3001GPU \u4E0E\u4EBA\u529B\u3002")
    arguments(0) = FtText("\u6536\u96C6\u3001\u6E05\u6D17\u548C\u6807\u6CE8\u6570\u636E\u6240\u82B1\u7684\u4EBA\u65F6\u3002")
    arguments(1) = FtText("\u6BCF\u4EBA\u65F6\u7684\u5168\u90E8\u7528\u5DE5\u6210\u672C\uFF08\u542B\u793E\u4FDD\u7B49\uFF09\u3002")
    arguments(2) = FtText("\u8BAD\u7EC3\u7528\u5355\u5F20 GPU \u6BCF\u5C0F\u65F6\u7684\u79DF\u8D41\u4EF7\u683C\uFF1B\u7559\u7A7A\u4E14\u5DF2\u586B GPU \u578B\u53F7\u65F6\u53D6\u4EF7\u683C\u8868\u3002")
    arguments(3) = FtText("\u4E00\u6B21\u8BAD\u7EC3\u7684\u5B9E\u9645\u8017\u65F6\uFF1B\u7559\u7A7A\u4E14\u5DF2\u586B\u6A21\u578B\u53C2\u6570\u91CF\u4E0E\u6837\u672C\u6570\u65F6\u6309\u5176\u4F30\u7B97\u3002")
    arguments(4) = FtText("\u8FBE\u5230\u8D28\u91CF\u8981\u6C42\u6240\u9700\u7684\u8BAD\u7EC3\u6B21\u6570\uFF1B\u4E0E\u6BCF\u6B21\u8BAD\u7EC3\u5185\u7684 epoch \u4E0D\u540C\u3002")
    arguments(5) = FtText("\u540C\u65F6\u4F7F\u7528\u7684 GPU \u5F20\u6570\uFF1B\u6258\u7BA1\u5FAE\u8C03\u586B 0\uFF1B\u7559\u7A7A\u65F6\u968F\u8BAD\u7EC3\u65F6\u957F\u4E00\u5E76\u4F30\u7B97\u3002")
    arguments(6) = FtText("ML \u5DE5\u7A0B\u5E08\u5728\u6BCF\u6B21\u8BAD\u7EC3\u4E0A\u82B1\u7684\u4EBA\u65F6\u3002")
    FtDescribe "FT_TOTAL_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_HOSTED_TRAINING_COST()
    Dim gives As String, category As String
    Dim arguments(0 To 4) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u6309\u8BAD\u7EC3 token \u8BA1\u4EF7\u7684\u6258\u7BA1\u5FAE\u8C03\u7684\u4E00\u6B21\u6027\u8D39\u7528\u3002")
    arguments(0) = FtText("\u8BAD\u7EC3\u96C6\u4E2D\u7684\u6837\u672C\u6761\u6570\u3002")
    arguments(1) = FtText("\u6BCF\u6761\u6837\u672C\u7684\u5E73\u5747 token \u6570\uFF1B\u6837\u672C\u672A\u6253\u5305\u65F6\u53D6\u586B\u5145\u540E\u7684\u957F\u5EA6\u3002")
    arguments(2) = FtText("\u904D\u5386\u8BAD\u7EC3\u6837\u672C\u7684\u6B21\u6570\uFF08epoch\uFF09\u3002")
    arguments(3) = FtText("\u6258\u7BA1\u670D\u52A1\u6BCF\u767E\u4E07\u8BAD\u7EC3 token \u7684\u4EF7\u683C\u3002")
    arguments(4) = FtText("\u8FBE\u5230\u8D28\u91CF\u8981\u6C42\u6240\u9700\u7684\u8BAD\u7EC3\u6B21\u6570\uFF1B\u4E0E\u6BCF\u6B21\u8BAD\u7EC3\u5185\u7684 epoch \u4E0D\u540C\u3002")
    FtDescribe "FT_HOSTED_TRAINING_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_MAINTENANCE_COST()
    Dim gives As String, category As String
    Dim arguments(0 To 4) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u7EF4\u6301\u5FAE\u8C03\u6A21\u578B\u8D28\u91CF\u7684\u6BCF\u6708\u6301\u7EED\u6210\u672C\uFF1A\u518D\u8BAD\u7EC3\u3001\u56DE\u5F52\u6D4B\u8BD5\u3001\u7248\u672C\u7BA1\u7406\u3002")
    arguments(0) = FtText("\u4E0A\u7EBF\u540E\u6BCF\u5E74\u91CD\u65B0\u8BAD\u7EC3\u7684\u6B21\u6570\u3002")
    arguments(1) = FtText("\u4E00\u6B21\u518D\u8BAD\u7EC3\u7684\u5168\u90E8\u8D39\u7528\u3002")
    arguments(2) = FtText("\u6BCF\u6708\u7528\u4E8E\u56DE\u5F52\u6D4B\u8BD5\u7684\u4EBA\u65F6\u3002")
    arguments(3) = FtText("\u6BCF\u6708\u7528\u4E8E\u6A21\u578B\u7248\u672C\u7BA1\u7406\u7684\u4EBA\u65F6\u3002")
    arguments(4) = FtText("\u6BCF\u4EBA\u65F6\u7684\u5168\u90E8\u7528\u5DE5\u6210\u672C\uFF08\u542B\u793E\u4FDD\u7B49\uFF09\u3002")
    FtDescribe "FT_MAINTENANCE_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_REQUEST_COST()
    Dim gives As String, category As String
    Dim arguments(0 To 5) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u6309 token \u6570\u4E0E\u6BCF\u767E\u4E07 token \u5355\u4EF7\u8BA1\u7B97\u7684\u6BCF\u6B21\u8BF7\u6C42\u6210\u672C\u3002")
    arguments(0) = FtText("\u5FAE\u8C03\u540E\u4E00\u6B21\u8BF7\u6C42\u7684\u8F93\u5165 token \u6570\uFF0C\u542B\u7F13\u5B58\u547D\u4E2D\u90E8\u5206\u3002")
    arguments(1) = FtText("\u4E00\u6B21\u8BF7\u6C42\u7684\u8F93\u51FA token \u6570\u3002")
    arguments(2) = FtText("\u6BCF\u767E\u4E07\u8F93\u5165 token \u7684\u4EF7\u683C\u3002")
    arguments(3) = FtText("\u6BCF\u767E\u4E07\u8F93\u51FA token \u7684\u4EF7\u683C\u3002")
    arguments(4) = FtText("\u8F93\u5165 token \u4E2D\u7531\u4F9B\u5E94\u5546\u7F13\u5B58\u8BFB\u53D6\u7684\u6570\u91CF\u3002")
    arguments(5) = FtText("\u6BCF\u767E\u4E07\u7F13\u5B58\u8F93\u5165 token \u7684\u4EF7\u683C\u3002")
    FtDescribe "FT_REQUEST_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_SERVING_COST()
    Dim gives As String, category As String
    Dim arguments(0 To 3) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u81EA\u6258\u7BA1\u6A21\u578B\u6BCF\u6B21\u8BF7\u6C42\u7684\u6210\u672C\uFF0C\u542B GPU \u7A7A\u95F2\u65F6\u95F4\u3002")
    arguments(0) = FtText("\u8BAD\u7EC3\u7528\u5355\u5F20 GPU \u6BCF\u5C0F\u65F6\u7684\u79DF\u8D41\u4EF7\u683C\uFF1B\u7559\u7A7A\u4E14\u5DF2\u586B GPU \u578B\u53F7\u65F6\u53D6\u4EF7\u683C\u8868\u3002")
    arguments(1) = FtText("\u540C\u65F6\u4F7F\u7528\u7684 GPU \u5F20\u6570\uFF1B\u6258\u7BA1\u5FAE\u8C03\u586B 0\uFF1B\u7559\u7A7A\u65F6\u968F\u8BAD\u7EC3\u65F6\u957F\u4E00\u5E76\u4F30\u7B97\u3002")
    arguments(2) = FtText("\u4E0A\u7EBF\u65F6\u5E73\u5747\u6BCF\u5929\u7684\u8BF7\u6C42\u6B21\u6570\u3002")
    arguments(3) = FtText("\u6BCF\u5929\u4E3A GPU \u4ED8\u8D39\u7684\u5C0F\u65F6\u6570\u3002")
    FtDescribe "FT_SERVING_COST", gives, category, arguments
End Sub

Private Sub Describe_FT_MONTHLY_SAVINGS()
    Dim gives As String, category As String
    Dim arguments(0 To 4) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u6263\u9664\u7EF4\u62A4\u6210\u672C\u540E\u7684\u6BCF\u6708\u8282\u7701\uFF1B\u5FAE\u8C03\u540E\u66F4\u8D35\u65F6\u4E3A\u8D1F\u3002")
    arguments(0) = FtText("\u4E0A\u7EBF\u65F6\u5E73\u5747\u6BCF\u5929\u7684\u8BF7\u6C42\u6B21\u6570\u3002")
    arguments(1) = FtText("\u73B0\u7528\u6A21\u578B\u5904\u7406\u4E00\u6B21\u8BF7\u6C42\u7684\u6210\u672C\uFF1B\u586B\u5199\u540E\u4E0D\u518D\u6309 token \u8BA1\u7B97\u3002")
    arguments(2) = FtText("\u5FAE\u8C03\u6A21\u578B\u5904\u7406\u4E00\u6B21\u8BF7\u6C42\u7684\u6210\u672C\uFF1B\u586B\u5199\u540E\u4E0D\u518D\u6309 token \u8BA1\u7B97\u3002")
    arguments(3) = FtText("\u6709\u8BF7\u6C42\uFF08\u5E76\u4E3A GPU \u4ED8\u8D39\uFF09\u7684\u5929\u6570\uFF1BGPU \u6574\u6708\u79DF\u7528\u65F6\u586B 365/12\u3002")
    arguments(4) = FtText("\u518D\u8BAD\u7EC3\u3001\u56DE\u5F52\u6D4B\u8BD5\u4E0E\u7248\u672C\u7BA1\u7406\u7684\u6BCF\u6708\u8D39\u7528\u3002")
    FtDescribe "FT_MONTHLY_SAVINGS", gives, category, arguments
End Sub

Private Sub Describe_FT_BREAKEVEN_REQUESTS()
    Dim gives As String, category As String
    Dim arguments(0 To 5) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u6070\u597D\u5728\u7ED9\u5B9A\u6708\u6570\u6536\u56DE\u603B\u6295\u8D44\u6240\u9700\u7684\u65E5\u8BF7\u6C42\u91CF\u3002")
    arguments(0) = FtText("\u5FAE\u8C03\u7684\u4E00\u6B21\u6027\u6295\u5165\u3002")
    arguments(1) = FtText("\u73B0\u7528\u6A21\u578B\u5904\u7406\u4E00\u6B21\u8BF7\u6C42\u7684\u6210\u672C\uFF1B\u586B\u5199\u540E\u4E0D\u518D\u6309 token \u8BA1\u7B97\u3002")
    arguments(2) = FtText("\u5FAE\u8C03\u6A21\u578B\u5904\u7406\u4E00\u6B21\u8BF7\u6C42\u7684\u6210\u672C\uFF1B\u586B\u5199\u540E\u4E0D\u518D\u6309 token \u8BA1\u7B97\u3002")
    arguments(3) = FtText("\u6536\u56DE\u6295\u8D44\u6240\u9700\u7684\u6708\u6570\uFF0C\u53EF\u4E3A\u201C\u6C38\u4E0D\u56DE\u672C\u201D\u3002")
    arguments(4) = FtText("\u6709\u8BF7\u6C42\uFF08\u5E76\u4E3A GPU \u4ED8\u8D39\uFF09\u7684\u5929\u6570\uFF1BGPU \u6574\u6708\u79DF\u7528\u65F6\u586B 365/12\u3002")
    arguments(5) = FtText("\u518D\u8BAD\u7EC3\u3001\u56DE\u5F52\u6D4B\u8BD5\u4E0E\u7248\u672C\u7BA1\u7406\u7684\u6BCF\u6708\u8D39\u7528\u3002")
    FtDescribe "FT_BREAKEVEN_REQUESTS", gives, category, arguments
End Sub

Private Sub Describe_FT_PAYBACK()
    Dim gives As String, category As String
    Dim arguments(0 To 1) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u4EE5\u6BCF\u6708\u51C0\u8282\u7701\u6536\u56DE\u603B\u6295\u8D44\u6240\u9700\u7684\u6708\u6570\uFF1B\u6CA1\u6709\u8282\u7701\u5219\u6C38\u4E0D\u56DE\u672C\u3002")
    arguments(0) = FtText("\u5FAE\u8C03\u7684\u4E00\u6B21\u6027\u6295\u5165\u3002")
    arguments(1) = FtText("\u6263\u9664\u7EF4\u62A4\u540E\u7684\u6BCF\u6708\u8282\u7701\u989D\u3002")
    FtDescribe "FT_PAYBACK", gives, category, arguments
End Sub

Private Sub Describe_FT_ANNUAL_ROI()
    Dim gives As String, category As String
    Dim arguments(0 To 1) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u9996\u5E74\u6295\u8D44\u56DE\u62A5\u7387\uFF0C\u4EE5\u5C0F\u6570\u8868\u793A\uFF0814.914 \u5373 1491.4%\uFF09\u3002")
    arguments(0) = FtText("\u5FAE\u8C03\u7684\u4E00\u6B21\u6027\u6295\u5165\u3002")
    arguments(1) = FtText("\u6263\u9664\u7EF4\u62A4\u540E\u7684\u6BCF\u6708\u8282\u7701\u989D\u3002")
    FtDescribe "FT_ANNUAL_ROI", gives, category, arguments
End Sub

Private Sub Describe_FT_CASHFLOW()
    Dim gives As String, category As String
    Dim arguments(0 To 6) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u73B0\u91D1\u6D41\u8868\uFF1A\u6708\u4EFD\u3001\u51C0\u73B0\u91D1\u6D41\u3001\u7D2F\u8BA1\u73B0\u91D1\u6D41\uFF0C\u4ECE\u7B2C 0 \u6708\u5F00\u59CB\u3002")
    arguments(0) = FtText("\u5FAE\u8C03\u7684\u4E00\u6B21\u6027\u6295\u5165\u3002")
    arguments(1) = FtText("\u6263\u9664\u7EF4\u62A4\u540E\u7684\u6BCF\u6708\u8282\u7701\u989D\u3002")
    arguments(2) = FtText("\u4ECE\u6295\u8D44\uFF08\u7B2C 0 \u6708\uFF09\u8D77\u8BA1\u7B97\u7684\u6708\u6570\u3002")
    arguments(3) = FtText("\u4E0A\u7EBF\u524D\u7684\u6708\u6570\uFF0C\u671F\u95F4\u6CA1\u6709\u8282\u7701\u3002")
    arguments(4) = FtText("\u4E0A\u7EBF\u540E\u7528\u91CF\u5747\u5300\u5347\u81F3\u5168\u91CF\u6240\u9700\u7684\u6708\u6570\uFF1B0 \u4E3A\u7ACB\u5373\u5168\u91CF\u3002")
    arguments(5) = FtText("\u4E0A\u7EBF\u7B2C\u4E8C\u4E2A\u6708\u8D77\u6BCF\u6708\u7684\u589E\u957F\uFF0C0.02 \u5373 2%\u3002")
    arguments(6) = FtText("\u4ECD\u6709\u6536\u76CA\u7684\u6700\u540E\u4E00\u4E2A\u6708\uFF1B\u7559\u7A7A\u5219\u81F3\u670D\u52A1\u4E0B\u7EBF\uFF08\u5DF2\u77E5\u65F6\uFF09\uFF0C\u5426\u5219\u4E0D\u9650\u3002")
    FtDescribe "FT_CASHFLOW", gives, category, arguments
End Sub

Private Sub Describe_FT_NPV()
    Dim gives As String, category As String
    Dim arguments(0 To 7) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u6295\u8D44\u4E0E\u8282\u7701\u7684\u51C0\u73B0\u503C\uFF1B\u7B2C 0 \u6708\u4E0D\u6298\u73B0\u3002")
    arguments(0) = FtText("\u5E74\u6709\u6548\u5229\u7387\uFF0C0.1 \u5373 10%\u3002")
    arguments(1) = FtText("\u5FAE\u8C03\u7684\u4E00\u6B21\u6027\u6295\u5165\u3002")
    arguments(2) = FtText("\u6263\u9664\u7EF4\u62A4\u540E\u7684\u6BCF\u6708\u8282\u7701\u989D\u3002")
    arguments(3) = FtText("\u4ECE\u6295\u8D44\uFF08\u7B2C 0 \u6708\uFF09\u8D77\u8BA1\u7B97\u7684\u6708\u6570\u3002")
    arguments(4) = FtText("\u4E0A\u7EBF\u524D\u7684\u6708\u6570\uFF0C\u671F\u95F4\u6CA1\u6709\u8282\u7701\u3002")
    arguments(5) = FtText("\u4E0A\u7EBF\u540E\u7528\u91CF\u5747\u5300\u5347\u81F3\u5168\u91CF\u6240\u9700\u7684\u6708\u6570\uFF1B0 \u4E3A\u7ACB\u5373\u5168\u91CF\u3002")
    arguments(6) = FtText("\u4E0A\u7EBF\u7B2C\u4E8C\u4E2A\u6708\u8D77\u6BCF\u6708\u7684\u589E\u957F\uFF0C0.02 \u5373 2%\u3002")
    arguments(7) = FtText("\u4ECD\u6709\u6536\u76CA\u7684\u6700\u540E\u4E00\u4E2A\u6708\uFF1B\u7559\u7A7A\u5219\u81F3\u670D\u52A1\u4E0B\u7EBF\uFF08\u5DF2\u77E5\u65F6\uFF09\uFF0C\u5426\u5219\u4E0D\u9650\u3002")
    FtDescribe "FT_NPV", gives, category, arguments
End Sub

Private Sub Describe_FT_IRR()
    Dim gives As String, category As String
    Dim arguments(0 To 6) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u5185\u90E8\u6536\u76CA\u7387\uFF08\u5E74\u6709\u6548\u5229\u7387\uFF0C\u5C0F\u6570\uFF09\uFF1A(1 + \u6708\u5229\u7387)^12 - 1\u3002")
    arguments(0) = FtText("\u5FAE\u8C03\u7684\u4E00\u6B21\u6027\u6295\u5165\u3002")
    arguments(1) = FtText("\u6263\u9664\u7EF4\u62A4\u540E\u7684\u6BCF\u6708\u8282\u7701\u989D\u3002")
    arguments(2) = FtText("\u4ECE\u6295\u8D44\uFF08\u7B2C 0 \u6708\uFF09\u8D77\u8BA1\u7B97\u7684\u6708\u6570\u3002")
    arguments(3) = FtText("\u4E0A\u7EBF\u524D\u7684\u6708\u6570\uFF0C\u671F\u95F4\u6CA1\u6709\u8282\u7701\u3002")
    arguments(4) = FtText("\u4E0A\u7EBF\u540E\u7528\u91CF\u5747\u5300\u5347\u81F3\u5168\u91CF\u6240\u9700\u7684\u6708\u6570\uFF1B0 \u4E3A\u7ACB\u5373\u5168\u91CF\u3002")
    arguments(5) = FtText("\u4E0A\u7EBF\u7B2C\u4E8C\u4E2A\u6708\u8D77\u6BCF\u6708\u7684\u589E\u957F\uFF0C0.02 \u5373 2%\u3002")
    arguments(6) = FtText("\u4ECD\u6709\u6536\u76CA\u7684\u6700\u540E\u4E00\u4E2A\u6708\uFF1B\u7559\u7A7A\u5219\u81F3\u670D\u52A1\u4E0B\u7EBF\uFF08\u5DF2\u77E5\u65F6\uFF09\uFF0C\u5426\u5219\u4E0D\u9650\u3002")
    FtDescribe "FT_IRR", gives, category, arguments
End Sub

Private Sub Describe_FT_DISCOUNTED_PAYBACK()
    Dim gives As String, category As String
    Dim arguments(0 To 7) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u6309\u6298\u73B0\u540E\u7684\u8282\u7701\u6536\u56DE\u603B\u6295\u8D44\u3001\u4E14\u6B64\u540E\u4E0D\u518D\u8F6C\u8D1F\u6240\u9700\u7684\u6708\u6570\uFF1B\u6536\u4E0D\u56DE\u5219\u6C38\u4E0D\u56DE\u672C\u3002")
    arguments(0) = FtText("\u5E74\u6709\u6548\u5229\u7387\uFF0C0.1 \u5373 10%\u3002")
    arguments(1) = FtText("\u5FAE\u8C03\u7684\u4E00\u6B21\u6027\u6295\u5165\u3002")
    arguments(2) = FtText("\u6263\u9664\u7EF4\u62A4\u540E\u7684\u6BCF\u6708\u8282\u7701\u989D\u3002")
    arguments(3) = FtText("\u4ECE\u6295\u8D44\uFF08\u7B2C 0 \u6708\uFF09\u8D77\u8BA1\u7B97\u7684\u6708\u6570\u3002")
    arguments(4) = FtText("\u4E0A\u7EBF\u524D\u7684\u6708\u6570\uFF0C\u671F\u95F4\u6CA1\u6709\u8282\u7701\u3002")
    arguments(5) = FtText("\u4E0A\u7EBF\u540E\u7528\u91CF\u5747\u5300\u5347\u81F3\u5168\u91CF\u6240\u9700\u7684\u6708\u6570\uFF1B0 \u4E3A\u7ACB\u5373\u5168\u91CF\u3002")
    arguments(6) = FtText("\u4E0A\u7EBF\u7B2C\u4E8C\u4E2A\u6708\u8D77\u6BCF\u6708\u7684\u589E\u957F\uFF0C0.02 \u5373 2%\u3002")
    arguments(7) = FtText("\u4ECD\u6709\u6536\u76CA\u7684\u6700\u540E\u4E00\u4E2A\u6708\uFF1B\u7559\u7A7A\u5219\u81F3\u670D\u52A1\u4E0B\u7EBF\uFF08\u5DF2\u77E5\u65F6\uFF09\uFF0C\u5426\u5219\u4E0D\u9650\u3002")
    FtDescribe "FT_DISCOUNTED_PAYBACK", gives, category, arguments
End Sub

Private Sub Describe_FT_RECOMMEND()
    Dim gives As String, category As String
    Dim arguments(0 To 1) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u6309\u56DE\u672C\u671F\u7ED9\u51FA\u5EFA\u8BAE\uFF1A\u4E0D\u8DB3 2\u30016\u300112 \u4E2A\u6708\uFF0C\u6216\u66F4\u957F\u3002")
    arguments(0) = FtText("\u6536\u56DE\u6295\u8D44\u6240\u9700\u7684\u6708\u6570\uFF0C\u53EF\u4E3A\u201C\u6C38\u4E0D\u56DE\u672C\u201D\u3002")
    arguments(1) = FtText("\u7ED3\u679C\u6240\u7528\u8BED\u8A00\uFF1Azh \u6216 en\u3002")
    FtDescribe "FT_RECOMMEND", gives, category, arguments
End Sub

Private Sub Describe_FT_STRATEGY()
    Dim gives As String, category As String
    Dim arguments(0 To 2) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u6309\u8BF7\u6C42\u91CF\u548C\u8D28\u91CF\u8981\u6C42\u7ED9\u51FA\u7B56\u7565\uFF1A\u65E5\u8BF7\u6C42 100 \u4EE5\u4E0B\u3001100 \u81F3 1000\uFF0C\u6216\u66F4\u591A\u3002")
    arguments(0) = FtText("\u4E0A\u7EBF\u65F6\u5E73\u5747\u6BCF\u5929\u7684\u8BF7\u6C42\u6B21\u6570\u3002")
    arguments(1) = FtText("\u4EFB\u52A1\u5BF9\u56DE\u7B54\u8D28\u91CF\u7684\u8981\u6C42\uFF1A\u4E00\u822C\u6216\u9AD8\u3002")
    arguments(2) = FtText("\u7ED3\u679C\u6240\u7528\u8BED\u8A00\uFF1Azh \u6216 en\u3002")
    FtDescribe "FT_STRATEGY", gives, category, arguments
End Sub

Private Sub Describe_FT_GPU_PRICE()
    Dim gives As String, category As String
    Dim arguments(0 To 3) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u6309\u65E5\u671F\u4EF7\u683C\u8868\u67E5\u5F97\u7684\u5355\u5F20 GPU \u6BCF\u5C0F\u65F6\u4EF7\u683C\uFF08USD\uFF09\uFF1B\u672A\u6307\u5B9A\u4F9B\u5E94\u5546\u5219\u53D6\u6700\u4FBF\u5B9C\u7684\u3002")
    arguments(0) = FtText("\u4EF7\u683C\u8868\u4E0A\u7684 GPU \u540D\u79F0\uFF1B\u5927\u5C0F\u5199\u3001\u7A7A\u683C\u548C\u8FDE\u5B57\u7B26\u4E0D\u8BA1\u3002")
    arguments(1) = FtText("\u51FA\u79DF GPU \u6216\u63D0\u4F9B\u6A21\u578B\u7684\u4E00\u65B9\uFF1B\u7559\u7A7A\u5373\u4E0D\u9650\u3002")
    arguments(2) = FtText("\u79DF\u7528\u65B9\u5F0F\uFF1A\u6309\u9700\u3001\u7ADE\u4EF7\u6216\u9884\u7559\u3002")
    arguments(3) = FtText("\u81EA\u5DF1\u7684\u4EF7\u683C\u8868\u533A\u57DF\uFF1B\u7559\u7A7A\u5373\u7528\u968F\u9644\u7684\u4EF7\u683C\u8868\u3002")
    FtDescribe "FT_GPU_PRICE", gives, category, arguments
End Sub

Private Sub Describe_FT_LLM_PRICE()
    Dim gives As String, category As String
    Dim arguments(0 To 2) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u6258\u7BA1\u6A21\u578B\u5728\u666E\u901A\u8BF7\u6C42\u4E0B\u6BCF\u767E\u4E07 token \u7684\u4EF7\u683C\uFF08USD\uFF09\u3002")
    arguments(0) = FtText("\u4F9B\u5E94\u5546\u6240\u7528\u7684\u6A21\u578B\u540D\u79F0\u3002")
    arguments(1) = FtText("\u53D6\u54EA\u4E00\u79CD\u4EF7\u683C\uFF1A\u8F93\u5165\u3001\u8F93\u51FA\u6216\u7F13\u5B58\u8F93\u5165\u3002")
    arguments(2) = FtText("\u51FA\u79DF GPU \u6216\u63D0\u4F9B\u6A21\u578B\u7684\u4E00\u65B9\uFF1B\u7559\u7A7A\u5373\u4E0D\u9650\u3002")
    FtDescribe "FT_LLM_PRICE", gives, category, arguments
End Sub

Private Sub Describe_FT_TRAINING_HOURS()
    Dim gives As String, category As String
    Dim arguments(0 To 8) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u4E00\u6B21\u5FAE\u8C03\u8BAD\u7EC3\u7684\u5B9E\u9645\u8017\u65F6\uFF08\u5C0F\u65F6\uFF09\uFF1A\u7ED9\u51FA\u6700\u53EF\u80FD\u503C\uFF0C\u5176\u4E00\u534A\u5230\u4E24\u500D\u5747\u5C5E\u5408\u7406\u8303\u56F4\u3002")
    arguments(0) = FtText("\u6A21\u578B\u7684\u53C2\u6570\u91CF\uFF0C\u4EE5\u5341\u4EBF\u8BA1\u3002")
    arguments(1) = FtText("\u8BAD\u7EC3\u96C6\u4E2D\u7684\u6837\u672C\u6761\u6570\u3002")
    arguments(2) = FtText("\u6BCF\u6761\u6837\u672C\u7684\u5E73\u5747 token \u6570\uFF1B\u6837\u672C\u672A\u6253\u5305\u65F6\u53D6\u586B\u5145\u540E\u7684\u957F\u5EA6\u3002")
    arguments(3) = FtText("\u904D\u5386\u8BAD\u7EC3\u6837\u672C\u7684\u6B21\u6570\uFF08epoch\uFF09\u3002")
    arguments(4) = FtText("LoRA\u3001QLoRA \u6216\u5168\u91CF\u5FAE\u8C03\u3002")
    arguments(5) = FtText("\u4EF7\u683C\u8868\u4E0A\u7684 GPU \u540D\u79F0\uFF1B\u5927\u5C0F\u5199\u3001\u7A7A\u683C\u548C\u8FDE\u5B57\u7B26\u4E0D\u8BA1\u3002")
    arguments(6) = FtText("\u540C\u65F6\u4F7F\u7528\u7684 GPU \u5F20\u6570\uFF1B\u6258\u7BA1\u5FAE\u8C03\u586B 0\uFF1B\u7559\u7A7A\u65F6\u968F\u8BAD\u7EC3\u65F6\u957F\u4E00\u5E76\u4F30\u7B97\u3002")
    arguments(7) = FtText("\u7559\u7A7A\u5219\u6309\u6B65\u4F30\u7B97\u3002\u586B\u5199\u540E\u4EE5\u8BAD\u7EC3\u8FBE\u5230 bf16 \u5CF0\u503C\u7684\u6BD4\u4F8B\u4EE3\u66FF\uFF1A\u6837\u672C\u6253\u5305 0.40\uFF0C\u591A\u673A\u957F\u4E0A\u4E0B\u6587 0.25\uFF0C\u77ED\u6837\u672C\u672A\u6253\u5305\u6216 CPU \u5378\u8F7D 0.10\u3002")
    arguments(8) = FtText("\u5355\u5F20 GPU \u4E00\u6B21\u524D\u5411\u4E0E\u53CD\u5411\u8BA1\u7B97\u5904\u7406\u7684\u6837\u672C\u6570\uFF08micro-batch\uFF09\uFF1B\u672A\u586B\u5199\u65F6\u53D6 4\u3002")
    FtDescribe "FT_TRAINING_HOURS", gives, category, arguments
End Sub

Private Sub Describe_FT_GPU_COUNT()
    Dim gives As String, category As String
    Dim arguments(0 To 4) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u5FAE\u8C03\u8BAD\u7EC3\u6309\u663E\u5B58\uFF08\u542B\u6FC0\u6D3B\u503C\uFF09\u6240\u9700\u7684 GPU \u5F20\u6570\u3002")
    arguments(0) = FtText("\u6A21\u578B\u7684\u53C2\u6570\u91CF\uFF0C\u4EE5\u5341\u4EBF\u8BA1\u3002")
    arguments(1) = FtText("LoRA\u3001QLoRA \u6216\u5168\u91CF\u5FAE\u8C03\u3002")
    arguments(2) = FtText("\u4EF7\u683C\u8868\u4E0A\u7684 GPU \u540D\u79F0\uFF1B\u5927\u5C0F\u5199\u3001\u7A7A\u683C\u548C\u8FDE\u5B57\u7B26\u4E0D\u8BA1\u3002")
    arguments(3) = FtText("\u6BCF\u6761\u6837\u672C\u7684\u5E73\u5747 token \u6570\uFF1B\u6837\u672C\u672A\u6253\u5305\u65F6\u53D6\u586B\u5145\u540E\u7684\u957F\u5EA6\u3002")
    arguments(4) = FtText("\u5355\u5F20 GPU \u4E00\u6B21\u524D\u5411\u4E0E\u53CD\u5411\u8BA1\u7B97\u5904\u7406\u7684\u6837\u672C\u6570\uFF08micro-batch\uFF09\uFF1B\u672A\u586B\u5199\u65F6\u53D6 4\u3002")
    FtDescribe "FT_GPU_COUNT", gives, category, arguments
End Sub

Private Sub Describe_FT_REFERENCE_HOURS()
    Dim gives As String, category As String
    Dim arguments(0 To 2) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u6765\u6E90\u6587\u6863\u8868\u683C\u4E2D\u7684\u8BAD\u7EC3\u65F6\u957F\uFF08\u5C0F\u65F6\uFF09\uFF0C\u57FA\u4E8E 1000 \u6761\u6837\u672C\u30013 \u8F6E\u3002")
    arguments(0) = FtText("\u6A21\u578B\u7684\u53C2\u6570\u91CF\uFF0C\u4EE5\u5341\u4EBF\u8BA1\u3002")
    arguments(1) = FtText("LoRA\u3001QLoRA \u6216\u5168\u91CF\u5FAE\u8C03\u3002")
    arguments(2) = FtText("\u53D6\u533A\u95F4\u7684\u4F4E\u503C\u3001\u4E2D\u503C\u6216\u9AD8\u503C\u3002")
    FtDescribe "FT_REFERENCE_HOURS", gives, category, arguments
End Sub

Private Sub Describe_FT_SERVING_THROUGHPUT()
    Dim gives As String, category As String
    Dim arguments(0 To 6) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u4E00\u7EC4 GPU \u6BCF\u79D2\u8F93\u51FA\u7684 token \u6570\uFF1A\u7ED9\u51FA\u6700\u53EF\u80FD\u503C\uFF0C\u5176\u4E00\u534A\u5230\u4E24\u500D\u5747\u5C5E\u5408\u7406\u8303\u56F4\u3002")
    arguments(0) = FtText("\u6A21\u578B\u7684\u53C2\u6570\u91CF\uFF0C\u4EE5\u5341\u4EBF\u8BA1\u3002")
    arguments(1) = FtText("\u5FAE\u8C03\u540E\u4E00\u6B21\u8BF7\u6C42\u7684\u8F93\u5165 token \u6570\uFF0C\u542B\u7F13\u5B58\u547D\u4E2D\u90E8\u5206\u3002")
    arguments(2) = FtText("\u4E00\u6B21\u8BF7\u6C42\u7684\u8F93\u51FA token \u6570\u3002")
    arguments(3) = FtText("\u4EF7\u683C\u8868\u4E0A\u7684 GPU \u540D\u79F0\uFF1B\u5927\u5C0F\u5199\u3001\u7A7A\u683C\u548C\u8FDE\u5B57\u7B26\u4E0D\u8BA1\u3002")
    arguments(4) = FtText("\u540C\u65F6\u4F7F\u7528\u7684 GPU \u5F20\u6570\uFF1B\u6258\u7BA1\u5FAE\u8C03\u586B 0\uFF1B\u7559\u7A7A\u65F6\u968F\u8BAD\u7EC3\u65F6\u957F\u4E00\u5E76\u4F30\u7B97\u3002")
    arguments(5) = FtText("bf16\uFF08\u4E0E fp16 \u76F8\u540C\uFF09\u3001fp8\u3001int8 \u6216 int4\u3002")
    arguments(6) = FtText("\u540C\u65F6\u5904\u7406\u7684\u8BF7\u6C42\u6570\uFF1B\u7559\u7A7A\u5219\u53D6\u663E\u5B58\u53EF\u5BB9\u7EB3\u7684\u6700\u5927\u503C\u3002")
    FtDescribe "FT_SERVING_THROUGHPUT", gives, category, arguments
End Sub

Private Sub Describe_FT_SERVING_GPUS()
    Dim gives As String, category As String
    Dim arguments(0 To 7) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u627F\u63A5\u6BCF\u5929\u6700\u5FD9\u4E00\u5C0F\u65F6\u6240\u9700\u7684 GPU \u5F20\u6570\uFF0C\u6309\u6574\u526F\u672C\u8BA1\u3002")
    arguments(0) = FtText("\u4E0A\u7EBF\u65F6\u5E73\u5747\u6BCF\u5929\u7684\u8BF7\u6C42\u6B21\u6570\u3002")
    arguments(1) = FtText("\u6A21\u578B\u7684\u53C2\u6570\u91CF\uFF0C\u4EE5\u5341\u4EBF\u8BA1\u3002")
    arguments(2) = FtText("\u5FAE\u8C03\u540E\u4E00\u6B21\u8BF7\u6C42\u7684\u8F93\u5165 token \u6570\uFF0C\u542B\u7F13\u5B58\u547D\u4E2D\u90E8\u5206\u3002")
    arguments(3) = FtText("\u4E00\u6B21\u8BF7\u6C42\u7684\u8F93\u51FA token \u6570\u3002")
    arguments(4) = FtText("\u4EF7\u683C\u8868\u4E0A\u7684 GPU \u540D\u79F0\uFF1B\u5927\u5C0F\u5199\u3001\u7A7A\u683C\u548C\u8FDE\u5B57\u7B26\u4E0D\u8BA1\u3002")
    arguments(5) = FtText("bf16\uFF08\u4E0E fp16 \u76F8\u540C\uFF09\u3001fp8\u3001int8 \u6216 int4\u3002")
    arguments(6) = FtText("\u6700\u5FD9\u4E00\u5C0F\u65F6\u7684\u8BF7\u6C42\u6570\u4E0E 24 \u5C0F\u65F6\u5E73\u5747\u503C\u4E4B\u6BD4\u3002")
    arguments(7) = FtText("\u5171\u540C\u627F\u8F7D\u4E00\u4EFD\u6A21\u578B\u7684 GPU \u5F20\u6570\uFF1B\u7559\u7A7A\u5219\u53D6\u53EF\u5BB9\u7EB3\u6A21\u578B\u7684\u6700\u5C11\u5F20\u6570\u3002")
    FtDescribe "FT_SERVING_GPUS", gives, category, arguments
End Sub

Private Sub Describe_FT_CASE()
    Dim gives As String, category As String
    Dim arguments(0 To 1) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u6574\u4E2A\u6848\u4F8B\u7684\u4EFB\u4E00\u7ED3\u679C\uFF0C\u7531\u5176\u8F93\u5165\u7B97\u51FA\u3002")
    arguments(0) = FtText("\u4E24\u5217\uFF1A\u8F93\u5165\u9879\u540D\u79F0\u4E0E\u6570\u503C\uFF1B\u6216\u56DB\u5217\uFF1A\u540D\u79F0\u3001\u4F4E\u503C\u3001\u6700\u53EF\u80FD\u503C\u3001\u9AD8\u503C\u3002")
    arguments(1) = FtText("\u6848\u4F8B\u7684\u4E00\u9879\u7ED3\u679C\uFF0C\u586B\u5B57\u6BB5\u540D\u6216\u540D\u79F0\u3002")
    FtDescribe "FT_CASE", gives, category, arguments
End Sub

Private Sub Describe_FT_RATIONALE()
    Dim gives As String, category As String
    Dim arguments(0 To 1) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u7528\u4E00\u6BB5\u8BDD\u8BF4\u660E\u6848\u4F8B\u4E3A\u4F55\u503C\u5F97\u6216\u4E0D\u503C\u5F97\u3002")
    arguments(0) = FtText("\u4E24\u5217\uFF1A\u8F93\u5165\u9879\u540D\u79F0\u4E0E\u6570\u503C\uFF1B\u6216\u56DB\u5217\uFF1A\u540D\u79F0\u3001\u4F4E\u503C\u3001\u6700\u53EF\u80FD\u503C\u3001\u9AD8\u503C\u3002")
    arguments(1) = FtText("\u7ED3\u679C\u6240\u7528\u8BED\u8A00\uFF1Azh \u6216 en\u3002")
    FtDescribe "FT_RATIONALE", gives, category, arguments
End Sub

Private Sub Describe_FT_BREAKEVEN()
    Dim gives As String, category As String
    Dim arguments(0 To 3) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u4F7F\u6848\u4F8B\u67D0\u9879\u6307\u6807\u8FBE\u5230\u76EE\u6807\u7684\u8F93\u5165\u503C\uFF08\u76C8\u4E8F\u5E73\u8861\u503C\uFF09\u3002")
    arguments(0) = FtText("\u4E24\u5217\uFF1A\u8F93\u5165\u9879\u540D\u79F0\u4E0E\u6570\u503C\uFF1B\u6216\u56DB\u5217\uFF1A\u540D\u79F0\u3001\u4F4E\u503C\u3001\u6700\u53EF\u80FD\u503C\u3001\u9AD8\u503C\u3002")
    arguments(1) = FtText("\u6848\u4F8B\u7684\u4E00\u9879\u8F93\u5165\uFF0C\u586B\u5B57\u6BB5\u540D\u6216\u540D\u79F0\u3002")
    arguments(2) = FtText("\u6848\u4F8B\u7684\u4E00\u9879\u7ED3\u679C\uFF0C\u586B\u5B57\u6BB5\u540D\u6216\u540D\u79F0\u3002")
    arguments(3) = FtText("\u8BE5\u6307\u6807\u5E94\u8FBE\u5230\u7684\u6570\u503C\uFF0C\u6309\u5176\u5355\u4F4D\u3002")
    FtDescribe "FT_BREAKEVEN", gives, category, arguments
End Sub

Private Sub Describe_FT_SENSITIVITY()
    Dim gives As String, category As String
    Dim arguments(0 To 1) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u654F\u611F\u6027\uFF08\u9F99\u5377\u98CE\uFF09\u8868\uFF1A\u5404\u9A71\u52A8\u56E0\u7D20\u53D6\u4F4E\u503C\u548C\u9AD8\u503C\u65F6\u7684\u51C0\u73B0\u503C\uFF0C\u5F71\u54CD\u6700\u5927\u8005\u5728\u524D\u3002")
    arguments(0) = FtText("\u4E24\u5217\uFF1A\u8F93\u5165\u9879\u540D\u79F0\u4E0E\u6570\u503C\uFF1B\u6216\u56DB\u5217\uFF1A\u540D\u79F0\u3001\u4F4E\u503C\u3001\u6700\u53EF\u80FD\u503C\u3001\u9AD8\u503C\u3002")
    arguments(1) = FtText("\u5404\u9A71\u52A8\u56E0\u7D20\u4E0A\u4E0B\u6D6E\u52A8\u7684\u6BD4\u4F8B\uFF0C\u5982 0.2\u3002")
    FtDescribe "FT_SENSITIVITY", gives, category, arguments
End Sub

Private Sub Describe_FT_MONTE_CARLO()
    Dim gives As String, category As String
    Dim arguments(0 To 2) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u8499\u7279\u5361\u6D1B\u6A21\u62DF\uFF1A\u9A71\u52A8\u56E0\u7D20\u4E0D\u786E\u5B9A\u65F6\uFF0C\u51C0\u73B0\u503C\u4E0E\u56DE\u672C\u671F\u7684\u5206\u5E03\u53CA\u6309\u671F\u56DE\u672C\u7684\u6982\u7387\u3002")
    arguments(0) = FtText("\u4E24\u5217\uFF1A\u8F93\u5165\u9879\u540D\u79F0\u4E0E\u6570\u503C\uFF1B\u6216\u56DB\u5217\uFF1A\u540D\u79F0\u3001\u4F4E\u503C\u3001\u6700\u53EF\u80FD\u503C\u3001\u9AD8\u503C\u3002")
    arguments(1) = FtText("\u968F\u673A\u6A21\u62DF\u7684\u6B21\u6570\u3002")
    arguments(2) = FtText("\u51B3\u5B9A\u968F\u673A\u6570\u7684\u6574\u6570\uFF1A\u79CD\u5B50\u76F8\u540C\uFF0C\u7ED3\u679C\u76F8\u540C\u3002")
    FtDescribe "FT_MONTE_CARLO", gives, category, arguments
End Sub

Private Sub Describe_FT_EXPLAIN()
    Dim gives As String, category As String
    Dim arguments(0 To 1) As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("OK\uFF0C\u6216\u7528\u6587\u5B57\u8BF4\u660E\u6307\u5B9A\u51FD\u6570\u4E3A\u4F55\u5BF9\u8FD9\u7EC4\u53C2\u6570\u62A5\u9519\u3002")
    arguments(0) = FtText("\u8981\u8BF4\u660E\u7684\u51FD\u6570\u540D\u79F0\u3002")
    arguments(1) = FtText("\u8BE5\u51FD\u6570\u7684\u5404\u4E2A\u53C2\u6570\u3002")
    FtDescribe "FT_EXPLAIN", gives, category, arguments
End Sub

Private Sub Describe_FT_VERSION()
    Dim gives As String, category As String
    category = FtText("\u5FAE\u8C03 ROI")
    gives = FtText("\u672C\u8F6F\u4EF6\u5305\u7684\u7248\u672C\u53CA\u5176\u4EF7\u683C\u8868\u65E5\u671F\u3002")
    FtDescribe "FT_VERSION", gives, category, Empty
End Sub
