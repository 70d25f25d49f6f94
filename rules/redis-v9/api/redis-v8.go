//dmmigrate:api github.com/go-redis/redis/v8

// Package redis is what this pack needs to know of v8 where its source is not at hand: the types that
// commands are called on, and the fields that have other names in v9.
package redis

import (
	"context"
	"time"
)

type Cmdable interface {
	Pipeline() Pipeliner
	TxPipeline() Pipeliner
}

type Pipeliner interface {
	Cmdable
	Discard() error
}

type UniversalClient interface {
	Cmdable
	Close() error
	Subscribe(ctx context.Context, channels ...string) *PubSub
	PSubscribe(ctx context.Context, channels ...string) *PubSub
}

type cmdable func(ctx context.Context, cmd Cmder) error

func (c cmdable) HGetAll(ctx context.Context, key string) *StringStringMapCmd

type Cmder interface{ Err() error }

type Client struct{ cmdable }

func NewClient(opt *Options) *Client
func NewFailoverClient(failoverOpt *FailoverOptions) *Client
func (c *Client) Conn(ctx context.Context) *Conn
func (c *Client) Context() context.Context
func (c *Client) WithContext(ctx context.Context) *Client
func (c *Client) Pipeline() Pipeliner
func (c *Client) TxPipeline() Pipeliner
func (c *Client) Close() error
func (c *Client) Subscribe(ctx context.Context, channels ...string) *PubSub
func (c *Client) PSubscribe(ctx context.Context, channels ...string) *PubSub

type ClusterClient struct{ cmdable }

func NewClusterClient(opt *ClusterOptions) *ClusterClient
func NewFailoverClusterClient(failoverOpt *FailoverOptions) *ClusterClient
func (c *ClusterClient) Context() context.Context
func (c *ClusterClient) WithContext(ctx context.Context) *ClusterClient
func (c *ClusterClient) Pipeline() Pipeliner
func (c *ClusterClient) TxPipeline() Pipeliner

type Ring struct{ cmdable }

func NewRing(opt *RingOptions) *Ring
func (c *Ring) Context() context.Context
func (c *Ring) WithContext(ctx context.Context) *Ring

func NewUniversalClient(opts *UniversalOptions) UniversalClient

type Conn struct{ cmdable }

type Tx struct{ cmdable }

type Pipeline struct{ cmdable }

func (c *Pipeline) Discard() error

type SentinelClient struct{}

type PubSub struct{}

func (c *PubSub) ChannelWithSubscriptions(_ context.Context, size int) <-chan interface{}

type Options struct {
	Addr               string
	MaxConnAge         time.Duration
	IdleTimeout        time.Duration
	IdleCheckFrequency time.Duration
}

type ClusterOptions struct {
	Addrs              []string
	MaxConnAge         time.Duration
	IdleTimeout        time.Duration
	IdleCheckFrequency time.Duration
}

type FailoverOptions struct {
	MasterName            string
	SlaveOnly             bool
	UseDisconnectedSlaves bool
	MaxConnAge            time.Duration
	IdleTimeout           time.Duration
	IdleCheckFrequency    time.Duration
}

type UniversalOptions struct {
	Addrs              []string
	MaxConnAge         time.Duration
	IdleTimeout        time.Duration
	IdleCheckFrequency time.Duration
}

type RingOptions struct {
	Addrs              map[string]string
	MaxConnAge         time.Duration
	IdleTimeout        time.Duration
	IdleCheckFrequency time.Duration
}

type Z struct {
	Score  float64
	Member interface{}
}

type XAddArgs struct {
	Stream       string
	MaxLen       int64
	MaxLenApprox int64
	Approx       bool
	Values       interface{}
}

type StringStringMapCmd struct{}

type StringIntMapCmd struct{}

func NewStringStringMapResult(val map[string]string, err error) *StringStringMapCmd
func NewStringIntMapCmdResult(val map[string]int64, err error) *StringIntMapCmd
