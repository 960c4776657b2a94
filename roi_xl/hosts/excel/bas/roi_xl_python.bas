
'------------------------------------------------------------------------------------------------
'Up to here this module is xlwings' own: its licence and the declarations of its DLL, unchanged.
'From here on it is roi_xl's. The rest of xlwings' module is left out, and with it RunPython, the
'import of functions and GetConfig, which reads a sheet named roi_xl.conf of the active workbook
'and a file of that name beside it before the user's own: a workbook without macros could name
'the program that runs. Here the user's own file is the only one that is read.
'------------------------------------------------------------------------------------------------

'xlwings' COM object in Python, which is started when it is first needed.
Public Function XLPy()
    Dim python As String
    python = FtInterpreter()
    FtLoadDll python
    If 0 <> XLPyDLLActivateAuto(XLPy, FtServerCommand(python), 1) Then Err.Raise 1000, Description:=XLPy
End Function

'What starts Python: its full path and nothing before it, so that no program of the current
'folder runs in its place. -P keeps the current folder off the path of its modules, and no
'name of a workbook becomes part of the command.
Public Function FtServerCommand(ByVal python As String) As String
    FtServerCommand = """" & python & """ -P -B -c ""import xlwings; xlwings.serve('$(CLSID)')"""
End Function

'The DLL of exactly this xlwings, beside the interpreter or, in a venv, in the folder above.
Private Sub FtLoadDll(ByVal python As String)
    Dim folder As String
    folder = FtFolder(python)
    If LoadLibrary(folder & "\" & XLPyDLLName) <> 0 Then Exit Sub
    If LoadLibrary(FtFolder(folder) & "\" & XLPyDLLName) <> 0 Then Exit Sub
    Err.Raise 1001, Description:="Could not load " & XLPyDLLName & " from " & folder & " or the folder above it"
End Sub

'The interpreter that `roi-xl install` wrote down; it must be named by its full path.
Public Function FtInterpreter() As String
    FtInterpreter = FtSetting(FtSettingsFile(), "INTERPRETER_WIN")
    If Mid(FtInterpreter, 2, 2) = ":\" Or Left(FtInterpreter, 2) = "\\" Then Exit Function
    Err.Raise 1002, Description:=FtSettingsFile() & " does not name the full path of Python: run roi-xl install"
End Function

Private Function FtSettingsFile() As String
    Dim folder As String
    folder = Environ("USERPROFILE")
    If folder = "" Then folder = Environ("HOME")
    folder = folder & Application.PathSeparator & "." & PROJECT_NAME
    FtSettingsFile = folder & Application.PathSeparator & PROJECT_NAME & ".conf"
End Function

'The value of a key in a file with lines "KEY","VALUE"; empty where file or key is missing.
Private Function FtSetting(ByVal path As String, ByVal key As String) As String
    Dim number As Integer
    Dim entry As String
    Dim comma As Long
    number = FreeFile
    On Error GoTo missing
    Open path For Input As #number
    Do While Not EOF(number) And FtSetting = ""
        Line Input #number, entry
        comma = InStr(entry, ",")
        If comma > 0 Then
            If UCase(FtUnquoted(Left(entry, comma - 1))) = key Then FtSetting = FtUnquoted(Mid(entry, comma + 1))
        End If
    Loop
    Close #number
missing:
End Function

Private Function FtUnquoted(ByVal entry As String) As String
    FtUnquoted = Trim(Replace(Replace(entry, """", ""), vbCr, ""))
End Function

Private Function FtFolder(ByVal path As String) As String
    If InStrRev(path, "\") > 0 Then FtFolder = Left(path, InStrRev(path, "\") - 1)
End Function
