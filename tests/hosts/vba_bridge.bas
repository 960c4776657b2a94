'Stands for the object that xlwings' DLL gives: hands a call to Python and gives back its answer.
Public Function CallUDF(ByVal module As String, ByVal called As String, ByVal args As Variant, _
        Optional ByVal book As Variant, Optional ByVal caller As Variant) As Variant
    Dim script As Object, answer As Variant, shown() As Variant
    Dim i As Long, r As Long, c As Long
    For i = LBound(args) To UBound(args)
        If IsError(args(i)) Then args(i) = "<missing>"
    Next i
    Set script = CreateUnoService("com.sun.star.script.provider.MasterScriptProviderFactory"). _
        createScriptProvider("").getScript("vnd.sun.star.script:ft_bridge.py$call?language=Python&location=user")
    answer = script.invoke(Array(module, called, args), Array(), Array())
    If Not IsArray(answer) Then
        If Left(answer & "", 7) = "<fault>" Then Err.Raise 1000, , Mid(answer, 8)
        CallUDF = answer
        Exit Function
    End If
    If Not IsArray(answer(LBound(answer))) Then 'one row comes flat
        CallUDF = answer
        Exit Function
    End If
    ReDim shown(LBound(answer) To UBound(answer), LBound(answer(0)) To UBound(answer(0)))
    For r = LBound(answer) To UBound(answer)
        For c = LBound(answer(r)) To UBound(answer(r))
            shown(r, c) = answer(r)(c)
        Next c
    Next r
    CallUDF = shown
End Function
