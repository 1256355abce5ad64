-- Requests of one kind for wrk: paths from the file PATHS in random order, as the member whose token is in TOKEN.

local paths = {}
for line in io.lines(os.getenv("PATHS")) do
  paths[#paths + 1] = line
end
local headers = { ["Authorization"] = "Bearer " .. os.getenv("TOKEN") }
local threads = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init()
  math.randomseed(id * 7919 + 13)
end

function request()
  return wrk.format("GET", paths[math.random(#paths)], headers)
end

function done(summary, latency)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format('{"p50": %.2f, "p95": %.2f, "requests": %d, "failed": %d}\n',
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, summary.requests, failed))
end
