#!lua flags=allow-oom
-- Overwrites the share under KEYS[1] where it stands, or puts zeros there if there is none, so that a late put is refused.
-- It ends with the share's own expiry or in two minutes, the sooner of both. The secret never gets into Lua's memory.
local zeros = string.rep('\0', 64)
local time = redis.call('TIME')
local last = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000) + 120000)
if not redis.call('SET', KEYS[1], zeros, 'NX', 'PXAT', last) then
  redis.call('SETRANGE', KEYS[1], 0, zeros)
  redis.call('PEXPIREAT', KEYS[1], last, 'LT')
end
if redis.call('GET', KEYS[1]) == zeros then
  return 1
end
return 0
