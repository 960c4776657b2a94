'What a cell shows: results with real Excel errors, and what happens when Python fails.
Option Explicit
Option Private Module

Private Const LOG_LIMIT As Long = 1000000

'Arguments with plain values in place of ranges: numbers and texts as cells hold them, whatever
'their formats. Python gets them at once, where it would ask Excel many times about each range.
Public Function FtValues(ByVal given As Variant) As Variant
    Dim held() As Variant
    Dim i As Long
    ReDim held(LBound(given) To UBound(given))
    For i = LBound(given) To UBound(given)
        If TypeName(given(i)) = "Range" Then
            held(i) = given(i).Value2
        ElseIf Not IsMissing(given(i)) Then 'what is left out stays blank, which means the same
            held(i) = given(i)
        End If
    Next i
    FtValues = held
End Function

'What Python returned, with the texts of errors turned into errors; inside arrays too.
Public Function FtResult(ByVal found As Variant) As Variant
    Dim shown() As Variant
    Dim r As Long, c As Long
    Select Case FtDimensions(found)
    Case 0
        FtResult = FtCell(found)
    Case 1
        ReDim shown(LBound(found) To UBound(found))
        For r = LBound(found) To UBound(found)
            shown(r) = FtCell(found(r))
        Next r
        FtResult = shown
    Case Else
        ReDim shown(LBound(found, 1) To UBound(found, 1), LBound(found, 2) To UBound(found, 2))
        For r = LBound(found, 1) To UBound(found, 1)
            For c = LBound(found, 2) To UBound(found, 2)
                shown(r, c) = FtCell(found(r, c))
            Next c
        Next r
        FtResult = shown
    End Select
End Function

'How many dimensions an array has; 0 for a single value.
Private Function FtDimensions(ByRef found As Variant) As Long
    Dim upper As Long
    If Not IsArray(found) Then Exit Function
    FtDimensions = 1
    On Error GoTo none
    upper = UBound(found, 2)
    FtDimensions = 2
none:
End Function

'One value: the text of an error becomes the error, anything else stays.
Private Function FtCell(ByVal found As Variant) As Variant
    FtCell = found
    If VarType(found) <> vbString Then Exit Function
    Select Case found
'{cases}
    End Select
End Function

'What a cell shows when Python could not be asked: #VALUE!; the reason goes to the log file.
Public Function FtFault(ByVal called As String, ByVal reason As String) As Variant
    Static written As String
    FtFault = CVErr(2015)
    If called & reason = written Then Exit Function
    written = called & reason
    FtLog called & ": " & reason
End Function

'Add a line to %USERPROFILE%\.roi_xl\roi_xl_excel.log; says nothing when it cannot.
Private Sub FtLog(ByVal entry As String)
    Dim folder As String, path As String
    Dim number As Integer
    On Error Resume Next
    folder = Environ("USERPROFILE")
    If folder = "" Then folder = Environ("HOME")
    folder = folder & Application.PathSeparator & ".roi_xl"
    path = folder & Application.PathSeparator & "roi_xl_excel.log"
    MkDir folder
    If FileLen(path) > LOG_LIMIT Then Kill path
    Err.Clear
    number = FreeFile
    Open path For Append As #number
    Print #number, Format(Now, "yyyy-mm-dd hh:nn:ss") & " " & entry
    Close #number
End Sub

'A text from its ASCII form: \uXXXX is the character with that number.
Public Function FtText(ByVal escaped As String) As String
    Dim at As Long, start As Long
    start = 1
    at = InStr(start, escaped, "\u")
    Do While at > 0
        FtText = FtText & Mid(escaped, start, at - start) & ChrW(CLng("&H" & Mid(escaped, at + 2, 4)))
        start = at + 6
        at = InStr(start, escaped, "\u")
    Loop
    FtText = FtText & Mid(escaped, start)
End Function

'Tell the function wizard what a function gives and what its arguments are.
Public Sub FtDescribe(ByVal called As String, ByVal gives As String, ByVal category As String, ByVal arguments As Variant)
    Dim macro As String
    macro = "'" & ThisWorkbook.Name & "'!" & called
    If IsArray(arguments) Then
        Application.MacroOptions Macro:=macro, Description:=gives, Category:=category, ArgumentDescriptions:=arguments
    Else
        Application.MacroOptions Macro:=macro, Description:=gives, Category:=category
    End If
End Sub
