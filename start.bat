@echo off
rem Opens the desk: what "make serve" does elsewhere, for a double click.
setlocal
pushd "%~dp0"
chcp 65001 >nul
if not defined LANG for /f "tokens=3" %%L in ('reg query "HKCU\Control Panel\International" /v LocaleName 2^>nul') do set "LANG=%%L"
set "PYTHON="
python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PYTHON=python"
py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PYTHON=py -3"
if not defined PYTHON goto missing
%PYTHON% tools\install.py
if errorlevel 1 goto wait
.venv\Scripts\python -m invoke serve %*
if errorlevel 1 goto wait
exit /b 0

:missing
if /i "%LANG:~0,2%" == "fr" goto french
echo Python 3.11 or newer is missing: install it from python.org/downloads, then double-click here again.
goto wait
:french
echo Il manque Python 3.11, ou une version plus récente : installez-le depuis python.org/downloads, puis double-cliquez de nouveau ici.
:wait
pause
exit /b 1
