// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/guard_matte.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "base/parallel.h"
#include "engines/block_grid.h"
#include "engines/caller_zone.h"

namespace peekproof::engines {
namespace {

constexpr int kNearBlocks = 9;  ///< Side of the square over which the caller's colour is averaged,
constexpr int kFarBlocks = 33;  ///< and of the one behind it.

uint8_t ByteOf(float unit) { return static_cast<uint8_t>(255 * unit + 0.5F); }

cv::Mat Square(int side) { return cv::Mat(side, side, CV_8U, cv::Scalar(1)); }

// Of a part of a mask as if there were nothing beside it: what lies there may not be made yet.
constexpr int kNothingBeside = cv::BORDER_CONSTANT | cv::BORDER_ISOLATED;
void Erode(const cv::Mat1b& from, int side, cv::Mat1b* to) {
  cv::erode(from, *to, Square(side), {-1, -1}, 1, kNothingBeside);
}
void Dilate(const cv::Mat1b& from, int side, cv::Mat1b* to) {
  cv::dilate(from, *to, Square(side), {-1, -1}, 1, kNothingBeside);
}

void Fill(const cv::Rect& pixels, uint8_t value, cv::Mat1b* mask) {
  for (int y = pixels.y; y < pixels.br().y; ++y) {
    uint8_t* row = (*mask)[y] + pixels.x;
    std::fill(row, row + pixels.width, value);
  }
}

/// Runs `body(block)` on every block, rows in parallel.
template <typename Body>
void ForBlocks(cv::Size blocks, const Body& body) {
  ParallelRows(blocks.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y)
      for (int x = 0; x < blocks.width; ++x) body(cv::Point(x, y));
  });
}

/// Takes the room out of the mixtures of a block, after composing: see GuardMatte.
struct Mixtures {
  const cv::Mat1b& alpha;
  const cv::Mat1b& share;
  const PlateLight& light;
};

void CleanBlock(const Mixtures& mixtures, const cv::Rect& pixels, const PlateBlock& known,
                const cv::Vec3f& caller, cv::Mat3b* composed) {
  for (int y = 0; y < pixels.height; ++y) {
    const uint8_t* alpha = mixtures.alpha[pixels.y + y] + pixels.x;
    const uint8_t* share = mixtures.share[pixels.y + y] + pixels.x;
    cv::Vec3b* shown = (*composed)[pixels.y + y] + pixels.x;
    for (int x = 0; x < pixels.width; ++x) {
      if (alpha[x] == 0 || share[x] == 255) continue;
      const float room_part = static_cast<float>(alpha[x] * (255 - share[x])) / (255 * 255);
      for (int c = 0; c < 3; ++c) {
        const float plate = known.mean[c * kBlockArea + y * kBlockSide + x];
        const float shift = room_part * mixtures.light.gain[c] * (caller[c] - plate);
        shown[x][c] = cv::saturate_cast<uint8_t>(static_cast<float>(shown[x][c]) + shift);
      }
    }
  }
}

}  // namespace

GuardMatte::GuardMatte(const GuardMatteOptions& options) : options_(options), ramp_(1, 256) {
  for (int i = 0; i < 256; ++i) {
    const float unit =
        (static_cast<float>(i) / 255 - options.share_low) / (options.share_high - options.share_low);
    ramp_(0, i) = ByteOf(std::clamp(unit, 0.0F, 1.0F));
  }
}

/// A network that calls furniture the caller is not believed: core blocks that are room, and those around
/// them, are decided pixel by pixel.
void GuardMatte::DoubtCore(const GuardEvidence& evidence) {
  const RoomPlate& plate = evidence.plate;
  room_blocks_.create(evidence.kinds.size());
  ForBlocks(evidence.kinds.size(), [&](cv::Point at) {
    room_blocks_(at) = 0;
    if (evidence.kinds(at) != kCore || plate.learnt()(at) == 0) return;
    BlockColours seen;
    ReadBlock(evidence.planes, PixelsOf(at, evidence.camera.size()), plate.light(), &seen);
    if (IsRoom(seen, plate.BlockOf(at), options_.tolerance)) room_blocks_(at) = 255;
  });
  cv::dilate(room_blocks_, room_blocks_, Square(3));
  evidence.kinds.copyTo(kinds_);
  cv::compare(kinds_, kCore, core_blocks_, cv::CMP_EQ);
  cv::bitwise_and(room_blocks_, core_blocks_, room_blocks_);
  kinds_.setTo(kBand, room_blocks_);
}

void GuardMatte::SpreadCallerColour(const GuardEvidence& evidence) {
  const PlateLight& light = evidence.plate.light();
  core_.create(kinds_.size());
  ForBlocks(kinds_.size(), [&](cv::Point at) {
    core_(at) = {};
    if (kinds_(at) != kCore) return;
    const cv::Rect pixels = PixelsOf(at, evidence.camera.size());
    // A lattice of sixteen of the 64 pixels is mean enough.
    cv::Vec4f sum;
    for (int y = pixels.y; y < pixels.br().y; y += 2)
      for (int x = pixels.x; x < pixels.br().x; x += 2) {
        const cv::Vec3b& seen = evidence.camera(y, x);
        sum += cv::Vec4f(seen[0], seen[1], seen[2], 1);
      }
    for (int c = 0; c < 3; ++c) core_(at)[c] = (sum[c] / sum[3] - light.offset[c]) / light.gain[c];
    core_(at)[3] = 1;
  });
  cv::boxFilter(core_, spread_, CV_32F, {kNearBlocks, kNearBlocks}, {-1, -1}, true, cv::BORDER_CONSTANT);
  cv::boxFilter(core_, far_, CV_32F, {kFarBlocks, kFarBlocks}, {-1, -1}, true, cv::BORDER_CONSTANT);
}

cv::Vec3f GuardMatte::CallerColourAt(cv::Point block) const {
  constexpr float kNone = 1e-4F;
  const cv::Vec4f& sum = spread_(block)[3] > kNone ? spread_(block) : far_(block);
  if (sum[3] <= kNone) return {128, 128, 128};
  return {sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3]};
}

void GuardMatte::ShareByPlate(const GuardEvidence& evidence, cv::Point block) {
  const cv::Rect pixels = PixelsOf(block, evidence.camera.size());
  const PlateBlock& known = evidence.plate.BlockOf(block);
  BlockColours seen;
  ReadBlock(evidence.planes, pixels, evidence.plate.light(), &seen);
  // Shares are 0 and room is 255 until found otherwise.
  if (IsRoom(seen, known, options_.tolerance)) return;
  const BlockShares shares =
      SharesOf(seen, known, CallerColourAt(block), options_.tolerance, options_.least_contrast);
  const auto least_share = static_cast<uint8_t>(std::max(1.0F, 255 * options_.share_low));
  for (int y = 0; y < pixels.height; ++y) {
    for (int x = 0; x < pixels.width; ++x) {
      const int i = y * kBlockSide + x;
      const cv::Point at(pixels.x + x, pixels.y + y);
      uint8_t share = ByteOf(shares.share[i]);
      if (options_.trust_network && shares.contrast[i] < options_.least_contrast)
        share = std::max(share, evidence.careful_ramp(0, evidence.network(at)));
      share_(at) = share;
      room_(at) = share < least_share ? 255 : 0;
    }
  }
}

void GuardMatte::ShareByNetwork(const GuardEvidence& evidence, const cv::Rect& pixels) {
  for (int y = pixels.y; y < pixels.br().y; ++y) {
    for (int x = pixels.x; x < pixels.br().x; ++x) {
      share_(y, x) = evidence.network(y, x);
      room_(y, x) = evidence.careful(y, x) == 0 ? 255 : 0;
    }
  }
}

void GuardMatte::FindShares(const GuardEvidence& evidence) {
  share_.create(evidence.camera.size());
  room_.create(evidence.camera.size());
  share_.setTo(0);
  room_.setTo(255);
  ForBlocks(kinds_.size(), [&](cv::Point at) {
    if (kinds_(at) == kOutside) return;
    const cv::Rect pixels = PixelsOf(at, evidence.camera.size());
    if (kinds_(at) == kCore) {
      Fill(pixels, 255, &share_);
      Fill(pixels, 0, &room_);
    } else if (evidence.plate.learnt()(at) != 0) {
      ShareByPlate(evidence, at);
    } else {
      ShareByNetwork(evidence, pixels);
    }
  });
}

/// Takes the specks out of the room and finds what is near it, in the part of the picture that has the band.
void GuardMatte::CleanRoom() {
  opened_room_.create(room_.size());
  near_room_.create(room_.size());
  cv::compare(kinds_, kBand, core_blocks_, cv::CMP_EQ);
  const cv::Rect blocks = cv::boundingRect(core_blocks_);
  if (blocks.empty()) return;
  // With a block more to each side, so that the room beside the band counts as near.
  const cv::Rect wider(blocks.x - 1, blocks.y - 1, blocks.width + 2, blocks.height + 2);
  const cv::Rect part =
      cv::Rect(wider.tl() * kBlockSide, wider.size() * kBlockSide) & cv::Rect({}, room_.size());
  cv::Mat1b opened = opened_room_(part);
  cv::Mat1b near_room = near_room_(part);
  if (options_.room_speck > 1) {
    Erode(room_(part), options_.room_speck, &near_room);
    Dilate(near_room, options_.room_speck, &opened);
  } else {
    room_(part).copyTo(opened);
  }
  Dilate(opened, 2 * options_.edge_px + 1, &near_room);
}

void GuardMatte::DecideByPlate(const cv::Rect& pixels, cv::Mat1b* alpha) {
  const uint8_t* ramp = ramp_[0];
  for (int y = pixels.y; y < pixels.br().y; ++y) {
    uint8_t* share = share_[y];
    uint8_t* shown = (*alpha)[y];
    const uint8_t* room = opened_room_[y];
    const uint8_t* near_room = near_room_[y];
    for (int x = pixels.x; x < pixels.br().x; ++x) {
      if (near_room[x] == 0) share[x] = 255;
      shown[x] = room[x] != 0 ? 0 : ramp[share[x]];
    }
  }
}

void GuardMatte::DecideByNetwork(const GuardEvidence& evidence, const cv::Rect& pixels,
                                 cv::Mat1b* alpha) const {
  for (int y = pixels.y; y < pixels.br().y; ++y) {
    uint8_t* shown = (*alpha)[y];
    const uint8_t* room = opened_room_[y];
    const uint8_t* careful = evidence.careful[y];
    for (int x = pixels.x; x < pixels.br().x; ++x) shown[x] = room[x] != 0 ? 0 : careful[x];
  }
}

/// What agrees with a plate that is in doubt is still the room; what does not may be the room changed, so the
/// network must say that it is the caller.
void GuardMatte::DecideInDoubt(const GuardEvidence& evidence, const cv::Rect& pixels, cv::Mat1b* alpha) {
  DecideByPlate(pixels, alpha);
  for (int y = pixels.y; y < pixels.br().y; ++y) {
    uint8_t* shown = (*alpha)[y];
    const uint8_t* careful = evidence.careful[y];
    for (int x = pixels.x; x < pixels.br().x; ++x) shown[x] = std::min(shown[x], careful[x]);
  }
}

void GuardMatte::Apply(const GuardEvidence& evidence, cv::Mat1b* alpha) {
  DoubtCore(evidence);
  SpreadCallerColour(evidence);
  FindShares(evidence);
  CleanRoom();
  alpha->create(evidence.camera.size());
  alpha->setTo(0);
  ForBlocks(kinds_.size(), [&](cv::Point at) {
    if (kinds_(at) == kOutside) return;
    const cv::Rect pixels = PixelsOf(at, evidence.camera.size());
    if (kinds_(at) == kCore) return Fill(pixels, 255, alpha);
    if (evidence.plate.trusted()(at) != 0) return DecideByPlate(pixels, alpha);
    if (evidence.plate.learnt()(at) != 0) return DecideInDoubt(evidence, pixels, alpha);
    DecideByNetwork(evidence, pixels, alpha);
  });
}

void GuardMatte::SoftShares(const GuardEvidence& evidence, const cv::Mat1b& alpha, cv::Mat1b* soft) const {
  const cv::Mat1b& trusted = evidence.plate.trusted();
  soft->create(alpha.size());
  ForBlocks(kinds_.size(), [&](cv::Point at) {
    const cv::Rect pixels = PixelsOf(at, alpha.size());
    if (kinds_(at) != kBand) {
      Fill(pixels, kinds_(at) == kCore ? 255 : 0, soft);
      return;
    }
    const bool by_plate = trusted(at) != 0;
    for (int y = pixels.y; y < pixels.br().y; ++y) {
      for (int x = pixels.x; x < pixels.br().x; ++x) {
        const uint8_t share = by_plate ? 255 : share_(y, x);
        (*soft)(y, x) = alpha(y, x) == 0 ? 0 : share;
      }
    }
  });
}

void GuardMatte::CleanMixtures(const GuardEvidence& evidence, const cv::Mat1b& alpha,
                               cv::Mat3b* composed) const {
  ForBlocks(kinds_.size(), [&](cv::Point at) {
    if (kinds_(at) != kBand || evidence.plate.trusted()(at) == 0) return;
    CleanBlock({alpha, share_, evidence.plate.light()}, PixelsOf(at, alpha.size()),
               evidence.plate.BlockOf(at), CallerColourAt(at), composed);
  });
}

bool ShowsUntrusted(const cv::Mat1b& kinds, const cv::Mat1b& trusted) {
  for (int y = 0; y < kinds.rows; ++y)
    for (int x = 0; x < kinds.cols; ++x)
      if (kinds(y, x) != kOutside && trusted(y, x) == 0) return true;
  return false;
}

}  // namespace peekproof::engines
