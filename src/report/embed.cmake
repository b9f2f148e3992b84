# SPDX-License-Identifier: Apache-2.0
# Writes OUTPUT: files of FOLDER as string constants, which HEADER declares in NAMESPACE. FILES: NAME=FILE,NAME=FILE.
set(text "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n\n")
string(REPLACE "," ";" pairs "${FILES}")
foreach(pair IN LISTS pairs)
  string(REGEX MATCH "^([^=]+)=(.+)$" matched "${pair}")
  set(name "${CMAKE_MATCH_1}")
  file(READ "${FOLDER}/${CMAKE_MATCH_2}" content)
  string(APPEND text "const char ${name}[] = R\"peekproof(${content})peekproof\";\n\n")
endforeach()
file(WRITE "${OUTPUT}" "${text}}  // namespace ${NAMESPACE}\n")
