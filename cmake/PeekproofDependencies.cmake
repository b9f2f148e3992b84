# SPDX-License-Identifier: Apache-2.0
# Every outside library, found once, as an imported target. Nothing is downloaded at configure time.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(TBB REQUIRED)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(PNG REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)  # To keep Tesseract to one thread.
find_package(SQLite3 3.35 REQUIRED)

# Only the modules that we use. OpenCVConfig.cmake lists every module that the distribution built, also those
# that are not installed, so the libraries are looked up one by one.
function(peekproof_find_opencv)
  find_path(OPENCV_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
  foreach(module core imgproc dnn photo video)
    find_library(OPENCV_${module}_LIBRARY opencv_${module} REQUIRED)
    add_library(OpenCV::${module} UNKNOWN IMPORTED GLOBAL)
    set_target_properties(OpenCV::${module} PROPERTIES
      IMPORTED_LOCATION ${OPENCV_${module}_LIBRARY}
      INTERFACE_INCLUDE_DIRECTORIES ${OPENCV_INCLUDE_DIR})
  endforeach()
  target_link_libraries(OpenCV::imgproc INTERFACE OpenCV::core)
  target_link_libraries(OpenCV::dnn INTERFACE OpenCV::imgproc)
  target_link_libraries(OpenCV::photo INTERFACE OpenCV::imgproc)
  target_link_libraries(OpenCV::video INTERFACE OpenCV::imgproc)
endfunction()
peekproof_find_opencv()

pkg_check_modules(FFMPEG REQUIRED IMPORTED_TARGET GLOBAL
  libavformat>=59 libavcodec>=59 libswscale>=6 libavutil>=57)
pkg_check_modules(TESSERACT REQUIRED IMPORTED_TARGET GLOBAL tesseract>=5)
pkg_check_modules(LEPTONICA REQUIRED IMPORTED_TARGET GLOBAL lept)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET GLOBAL tomlplusplus)

# XNNPACK has neither a .pc nor a CMake file. It is optional: without it every model runs on OpenCV dnn.
find_path(XNNPACK_INCLUDE_DIR xnnpack.h)
find_path(PTHREADPOOL_INCLUDE_DIR pthreadpool.h)
find_library(XNNPACK_LIBRARY XNNPACK)
find_library(PTHREADPOOL_LIBRARY pthreadpool)
if(XNNPACK_INCLUDE_DIR AND PTHREADPOOL_INCLUDE_DIR AND XNNPACK_LIBRARY AND PTHREADPOOL_LIBRARY)
  set(PEEKPROOF_HAVE_XNNPACK ON)
  add_library(XNNPACK::XNNPACK UNKNOWN IMPORTED GLOBAL)
  set_target_properties(XNNPACK::XNNPACK PROPERTIES
    IMPORTED_LOCATION ${XNNPACK_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES "${XNNPACK_INCLUDE_DIR};${PTHREADPOOL_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES ${PTHREADPOOL_LIBRARY})
else()
  set(PEEKPROOF_HAVE_XNNPACK OFF)
  message(STATUS "XNNPACK not found: segmentation falls back to OpenCV dnn (about three times slower)")
endif()

if(PEEKPROOF_TESTS)
  find_package(GTest REQUIRED)
endif()
if(PEEKPROOF_BENCH)
  find_package(benchmark REQUIRED)
endif()
